"""Addresses of the people part's own pages."""

from django.urls import path

from calidez.people.pages import close_days, invitation, leaving, own_words, reset, second_factor, security

app_name = "people"
urlpatterns = [
    path("security/", security.security, name="security"),
    path("security/password/", security.password, name="password"),
    path("security/sessions/others/", security.end_others, name="end_others"),
    path("security/sessions/<str:key>/", security.end_session, name="end_session"),
    path("security/second-factor/", second_factor.turn_on, name="second_factor"),
    path("security/second-factor/off/", second_factor.turn_off, name="second_factor_off"),
    path("security/paper-codes/", second_factor.paper, name="paper_codes"),
    path("closed-days/several/", close_days.several, name="close_days"),
    path("words/", own_words.words, name="words"),
    path("invitation/<str:token>/", invitation.accept, name="invitation"),
    path("people/<uuid:uid>/leaving/", leaving.leaving, name="leaving"),
    path("password/forgotten/", reset.forgotten, name="forgotten"),
    path("password/of/<uuid:uid>/", reset.give, name="give_password"),
    path("password/new/<str:token>/", reset.new_password, name="new_password"),
]
