"""Links to the styles and scripts of the frame: one file each where pages are served, all of them while one works on them."""

from __future__ import annotations

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from calidez.config import bundles

register = template.Library()


@register.simple_tag
def frame_styles() -> SafeString:
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', _addresses(bundles.STYLES))


@register.simple_tag
def frame_scripts() -> SafeString:
    return format_html_join("\n  ", '<script src="{}" defer></script>', _addresses(bundles.SCRIPTS))


def _addresses(bundle: str) -> list[tuple[str]]:
    return [(staticfiles_storage.url(name),) for name in bundles.files(bundle, staticfiles_storage)]
