"""Addresses of the generic pages; a part's own pages stand before them in the site's list."""

from django.urls import path

from calidez.kit.faces.pages import (
    administration,
    bulk,
    calendar,
    details,
    exports,
    forms,
    gaps,
    intake,
    lists,
    notifications,
    runs,
    scope,
    search,
    thread,
    tokens,
    webhooks,
    work,
)
from calidez.kit.faces.pages import comments as comments
from calidez.kit.faces.pages import drafts as drafts
from calidez.kit.faces.pages import files as files
from calidez.kit.faces.pages import saved_views as views

app_name = "kit"
urlpatterns = [
    path("administration/", administration.administration, name="administration"),
    path("my-work/", work.index, name="my-work"),
    path("my-work/counts/", work.counts, name="counts"),
    path("my-work/put-off/", work.snooze, name="snooze"),
    path("my-work/bring-back/", work.wake, name="wake"),
    path("my-work/hand-on/", work.hand_on, name="hand-on"),
    path("my-work/give-back/<uuid:uid>/", work.give_back, name="give-back"),
    path("my-work/calendar/", calendar.settings, name="calendar"),
    path("calendar/<str:token>.ics", calendar.serve, name="calendar-feed"),
    path("webhooks/<uuid:uid>/secret/<str:how>/", webhooks.secret, name="webhook-secret"),
    path("notifications/", notifications.index, name="notifications"),
    path("notifications/latest/", notifications.latest, name="notifications-latest"),
    path("notifications/read/", notifications.mark_read, name="notifications-read"),
    path("notifications/settings/", notifications.settings, name="notification-settings"),
    path("notifications/stop/<str:token>/", notifications.stop, name="notification-stop"),
    path("notifications/<uuid:uid>/", notifications.open_one, name="notification"),
    path("my/api-tokens/", tokens.index, name="tokens"),
    path("my/api-tokens/<uuid:uid>/revoke/", tokens.revoke, name="token-revoke"),
    path("drafts/", drafts.keep, name="draft"),
    path("drafts/forget/", drafts.forget, name="draft-forget"),
    path("scope/", scope.scope, name="scope"),
    path("broken-links/", gaps.index, name="broken-links"),
    path("search/", search.search, name="search"),
    path("<slug:slug>/", lists.index, name="list"),
    path("<slug:slug>/load/", intake.start, name="intake-start"),
    path("<slug:slug>/load/template.<str:form>", intake.file_to_fill, name="intake-template"),
    path("<slug:slug>/new/", forms.create, name="create"),
    path("<slug:slug>/beside/<slug:key>/", forms.aside, name="aside"),
    path("<slug:slug>/export.csv", exports.export_csv, name="export"),
    path("<slug:slug>/export.xlsx", exports.export_xlsx, name="export-xlsx"),
    path("<slug:slug>/views/", views.keep, name="views"),
    path("<slug:slug>/views/<uuid:uid>/", views.change, name="view"),
    path("<slug:slug>/bulk/", bulk.bulk, name="bulk"),
    path("<slug:slug>/runs/<uuid:uid>/", runs.show, name="run"),
    path("<slug:slug>/runs/<uuid:uid>/report.csv", runs.report, name="run-report"),
    path("<slug:slug>/runs/<uuid:uid>/file", runs.file, name="run-file"),
    path("<slug:slug>/runs/<uuid:uid>/<str:what>/", intake.act, name="intake-act"),
    path("<slug:slug>/options/<str:name>/", lists.options, name="options"),
    path("<slug:slug>/<uuid:uid>/", details.detail, name="detail"),
    path("<slug:slug>/<uuid:uid>/edit/", forms.edit, name="edit"),
    path("<slug:slug>/<uuid:uid>/do/<str:name>/", forms.step, name="step"),
    path("<slug:slug>/<uuid:uid>/thread/<slug:way>/", thread.further, name="thread"),
    path("<slug:slug>/<uuid:uid>/people/", comments.people, name="people"),
    path("<slug:slug>/<uuid:uid>/comments/", comments.add, name="comment"),
    path("<slug:slug>/<uuid:uid>/comments/<uuid:comment>/", comments.edit, name="comment-edit"),
    path(
        "<slug:slug>/<uuid:uid>/comments/<uuid:comment>/withdraw/", comments.withdraw, name="comment-withdraw"
    ),
    path("<slug:slug>/<uuid:uid>/file/<slug:name>/", files.of_field, name="field-file"),
    path("<slug:slug>/<uuid:uid>/files/", files.add, name="attach"),
    path("<slug:slug>/<uuid:uid>/files/<uuid:file>/", files.show, name="file"),
    path("<slug:slug>/<uuid:uid>/files/<uuid:file>/content/", files.content, name="file-content"),
    path("<slug:slug>/<uuid:uid>/files/<uuid:file>/withdraw/", files.withdraw, name="file-withdraw"),
]
