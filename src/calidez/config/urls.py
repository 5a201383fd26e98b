"""All addresses: the parts' own pages first, then the generic pages of kit."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.contrib.auth import views as auth
from django.urls import include, path

from calidez.config import pages
from calidez.people.pages import signing_in

handler500 = "calidez.config.pages.failed"
urlpatterns = [
    path("login/", signing_in.SignIn.as_view(), name="login"),
    # Names that allauth leads to.
    path("login/", signing_in.SignIn.as_view(), name="account_login"),
    path("login/code/", signing_in.code, name="mfa_authenticate"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("language/", pages.set_language, name="set_language"),
    path("welcome/", include("calidez.config.welcome.urls")),
    path("", include("calidez.people.urls")),
    path("api/v1/", include("calidez.kit.faces.api.urls")),
    path("", include("calidez.documents.urls")),
    path("", include("calidez.monitoring.urls")),
    path("", include("calidez.samples.urls")),
    path("", include("calidez.charter.urls")),
    path("", include("calidez.backups.urls")),
    # Parts beside Calidez: the pages of those that have some.
    *(path("", include(f"{part}.urls")) for part in settings.PARTS_BESIDE if find_spec(f"{part}.urls")),
    path("", include("calidez.kit.urls")),
]
