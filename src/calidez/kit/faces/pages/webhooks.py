"""The secret of a webhook, shown once in the answer to a button."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from calidez.kit.catalog import catalog
from calidez.kit.faces.pages.common import crumbs, record_or_404
from calidez.kit.faces.webhooks import services
from calidez.kit.faces.webhooks.models import WebhookEndpoint
from calidez.kit.faces.webhooks.secrets import secret_of
from calidez.kit.platform.errors import RuleBroken


@never_cache
@require_POST
def secret(request: HttpRequest, uid: uuid.UUID, how: str) -> HttpResponse:
    """Not a redirect: the secret is in this answer and nowhere else."""
    entity = catalog.of(WebhookEndpoint)
    endpoint = record_or_404(request, entity, uid)
    if how == "show":
        if endpoint.secret_shown_at is not None:
            raise RuleBroken(
                _("The secret was shown already. Make a new one; the old one holds for another day.")
            )
        endpoint = services.show_secret(endpoint, by=request.user)
    elif how == "renew":
        endpoint = services.new_secret(endpoint, by=request.user)
    else:
        raise Http404
    context = {
        "secret": secret_of(endpoint),
        "back": entity.url(endpoint),
        "crumbs": crumbs(entity, endpoint),
        "old_until": endpoint.old_secret_until if how == "renew" else None,
    }
    return render(request, "kit/webhooks/secret.html", context)
