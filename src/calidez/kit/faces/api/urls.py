"""Addresses of the programming interface, below /api/v1/."""

from calidez.kit.faces.api.site import patterns

app_name = "api"
urlpatterns = patterns()
