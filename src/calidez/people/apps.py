"""Registers the people part with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "calidez.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_login_failed
        from django.db.models.signals import post_migrate
        from django.urls import reverse

        from calidez.kit.core import access, held
        from calidez.kit.desk import leaving, shell
        from calidez.kit.desk.inbox import permission
        from calidez.people import lockout, selectors, services
        from calidez.people.services import sessions

        access.install(selectors.granted_scope, selectors.who_may, selectors.who_may_each)
        permission.install(selectors.who_may)
        held.install(selectors.present)
        leaving.install(lambda uid: reverse("people:leaving", args=[uid]))
        shell.install(selectors.surroundings, selectors.units_to_choose, selectors.chosen_path)
        # Whichever door somebody came in by.
        user_logged_in.connect(sessions.begin, dispatch_uid="people.sessions")
        user_login_failed.connect(lockout.failed, dispatch_uid="people.lockout")
        post_migrate.connect(services.ship_roles, sender=self)
