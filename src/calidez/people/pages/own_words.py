"""Words: the organisation calls things as its people do."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.desk import own_words
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.people.services import keeping_words as service


def words(request: HttpRequest) -> HttpResponse:
    if not service.may_change(request.user):
        raise access.refuse(access.EDIT, _("Words"))
    known = dict(settings.LANGUAGES)
    language = request.GET.get("language", "")
    language = language if language in known else get_language() or settings.LANGUAGE_CODE
    text = request.GET.get("q", "")[:100]
    refusal, given = "", {}
    if request.method == "POST":
        given = dict(zip(request.POST.getlist("key"), request.POST.getlist("text"), strict=False))
        try:
            count = service.change(language, given, by=request.user)
        except RuleBroken as refused:
            refusal = str(refused)
        else:
            said = ngettext("%(count)s word changed.", "%(count)s words changed.", count)
            messages.success(request, said % {"count": count})
            return redirect(request.get_full_path())
    page = {
        "words": [(word, given.get(word.key, word.own)) for word in own_words.find(language, text)],
        "languages": [_link(code, name, language, text) for code, name in known.items()],
        "language": language,
        "q": text,
        "refusal": refusal,
        "most": own_words.MOST_SENTENCES,
        "crumbs": (Link(_("Administration"), reverse("kit:administration")),),
    }
    return render(request, "people/words.html", page, status=422 if refusal else 200)


def _link(code: str, name: str, current: str, text: str) -> Link:
    return Link(str(name), "?" + urlencode({"language": code, "q": text}), current=code == current)
