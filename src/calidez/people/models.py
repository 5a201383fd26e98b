"""Units, positions, people and the roles they hold at a unit."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.kit.platform.formats import day
from calidez.people import languages
from calidez.people.hours_field import HoursField
from calidez.people.permission_table import PermissionTable

code_validator = RegexValidator(
    r"^[^\s/\\<>\"]+$", _("A code has no spaces, slashes, quotes or angle brackets.")
)


class Unit(Record):
    """A branch, area or the whole organisation: the tree along which permissions and figures roll up."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        GROUP = "group", _("Group of units")
        BRANCH = "branch", pgettext_lazy("kind of unit", "Branch")
        AREA = "area", _("Area")

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[code_validator],
        help_text=_("The short name that your files use for this unit."),
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.BRANCH)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("belongs to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(_("path"), max_length=255, unique=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            # Who holds a role at the root holds it everywhere: nothing is compared then, so there is one root.
            models.UniqueConstraint(
                Coalesce("parent", Value(0)),
                condition=Q(parent__isnull=True),
                name="people_one_organisation",
                violation_error_message=_(
                    "Say which unit this one belongs to: the organisation is already there."
                ),
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="people_unit_name")]

    unrecorded: ClassVar[tuple[str, ...]] = ("path",)

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return self.path.count("/") - 1


class Position(Record):
    """A job that people hold in a unit: whom procedures and training speak to."""

    name = models.CharField(_("name"), max_length=200)
    unit = fields.place(Unit, related_name="positions")
    purpose = models.TextField(_("purpose"), blank=True, help_text=_("What this position is there for."))

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="people_position_once_per_unit",
                violation_error_message=_("This unit already has a position with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ServiceCalendar(Record):
    """When a unit serves, and so the units below it that have no calendar of their own: hours by weekday, closed days."""

    unit = fields.place(
        Unit, _("It holds here and in every unit below without its own."), related_name="calendars"
    )
    starts = models.DateField(
        _("in force from"),
        default=timezone.localdate,
        help_text=_(
            "It holds until the next calendar of this unit begins; the first one also for all the time before."
        ),
    )
    monday = HoursField(_("Monday"), help_text=_("Open without times is open all day."))
    tuesday = HoursField(_("Tuesday"))
    wednesday = HoursField(_("Wednesday"))
    thursday = HoursField(_("Thursday"))
    friday = HoursField(_("Friday"))
    saturday = HoursField(_("Saturday"))
    sunday = HoursField(_("Sunday"))
    adds_above = models.BooleanField(
        _("closed too on the closed days of the units above"),
        default=True,
        help_text=_(
            "Take it away where this unit serves on the organisation's holidays, as an emergency unit does."
        ),
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Without it, the calendar of the unit above holds again.")
    )

    class Meta:
        verbose_name = _("service calendar")
        verbose_name_plural = _("service calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "starts"],
                name="people_calendar_once_a_day",
                violation_error_message=_("This unit already has a calendar that begins on this day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {day(self.starts)}"


class ClosedDay(Record):
    """A holiday, or several days in a row on which a unit and those below it are closed whatever the weekday."""

    unit = fields.place(Unit, _("Closed here and in every unit below."), related_name="closed_days")
    first = models.DateField(_("day"))
    last = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last of several days in a row. Empty: one day.")
    )
    name = models.CharField(_("occasion"), max_length=100, blank=True)
    yearly = models.BooleanField(
        _("every year on this date"), default=False, help_text=_("From this year on.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=F("first")),
                name="people_closed_days_in_order",
                violation_error_message=_("The last closed day cannot lie before the first."),
            ),
            models.UniqueConstraint(
                fields=["unit", "first"],
                name="people_closed_day_once",
                violation_error_message=_("This unit already has closed days that begin on this day."),
            ),
        ]

    def __str__(self) -> str:
        days = day(self.first) if self.last in (None, self.first) else f"{day(self.first)} – {day(self.last)}"
        return f"{days} · {self.name}" if self.name else days


LONGEST_ADDRESS = 254


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        address = (username or "").strip()
        if len(address) > LONGEST_ADDRESS:  # more than any database should have to compare
            raise self.model.DoesNotExist
        return self.get(email__iexact=address)


class User(Record, AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    unit = fields.place(Unit, related_name="users")
    position = fields.reference(Position, _("position"), optional=True, related_name="users")
    language = models.CharField(
        _("language"), max_length=10, choices=languages.choices, default=languages.usual
    )
    is_active = models.BooleanField(
        _("can sign in"), default=True, help_text=_("Take it away instead of deleting: the history stays.")
    )

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    unrecorded: ClassVar[tuple[str, ...]] = ("password", "last_login")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=["name", "id"], name="people_user_name")]

    def __str__(self) -> str:
        return self.name


class Role(Record):
    """A named table of permissions; those shipped may be edited, and reset to what was shipped."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    purpose = models.TextField(_("purpose"), blank=True, help_text=_("Whom this role is for."))
    basis = models.ForeignKey(
        "self",
        verbose_name=_("begins as a copy of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="copies",
        help_text=_("The new role begins with the same permissions; then change them."),
    )
    for_a_time = models.BooleanField(
        _("only for a time"), default=False, help_text=_("Whoever grants it must say until when.")
    )
    second_factor = models.BooleanField(
        _("needs a second factor"),
        default=False,
        help_text=_("Whoever holds it signs in with a code from their telephone too."),
    )
    table: Any = PermissionTable(_("permissions"), default=dict, blank=True)
    # What the installed version brought: a newer one changes only what it changes itself.
    shipped: Any = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    unrecorded: ClassVar[tuple[str, ...]] = ("shipped",)

    def __str__(self) -> str:
        return self.name or str(ROLE_NAMES.get(self.code, self.code))


ROLE_NAMES = {
    "administrator": _("Administrator"),
    "quality_manager": _("Quality manager"),
    "process_owner": _("Process owner"),
    "manager": _("Manager"),
    "inspector": _("Inspector"),
    "employee": _("Employee"),
    "auditor": _("Auditor"),
}


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self, on: Any = None) -> GrantQuerySet:
        day = on or timezone.localdate()
        return self.filter(
            Q(starts__isnull=True) | Q(starts__lte=day), Q(ends__isnull=True) | Q(ends__gte=day)
        )


class Grant(Record):
    """A role that a person holds at a unit, and so in everything below it."""

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, verbose_name=_("role"), on_delete=models.PROTECT, related_name="grants")
    unit = fields.place(Unit, _("The role holds here and in every unit below."), related_name="grants")
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("until"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("granted role")
        verbose_name_plural = _("granted roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="people_grant_ends_after_start",
                violation_error_message=_("A role cannot end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.unit}"

    def standing(self, on: dt.date) -> str:
        """“coming”, “in_force” or “ended” on that day."""
        if self.starts is not None and self.starts > on:
            return "coming" if self.ends is None or self.ends >= on else "ended"
        return "in_force" if self.ends is None or self.ends >= on else "ended"


class Invitation(Record):
    """Somebody is asked to join with a role at a unit; the link in the mail works once and for a week."""

    class State(fields.States):
        SENT = "sent", pgettext_lazy("invitation", "Open")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted"), Tone.GOOD
        REVOKED = "revoked", pgettext_lazy("invitation", "Revoked"), Tone.QUIET

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.ForeignKey(
        Role, verbose_name=_("role"), on_delete=models.PROTECT, related_name="invitations"
    )
    unit = fields.place(Unit, _("The role holds here and in every unit below."), related_name="invitations")
    ends = models.DateField(
        _("role holds until"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=languages.choices, default=languages.usual
    )
    state = fields.state(State, max_length=20)
    expires_at = models.DateTimeField(_("link holds until"), editable=False)
    # Signed into the link: sending again makes the earlier link void.
    nonce = models.CharField(max_length=32, editable=False)
    person = fields.reference(User, _("person"), asked=False, related_name="invitations")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(state="sent"),
                name="people_invitation_once",
                violation_error_message=_("This address already has an open invitation: send it again."),
            )
        ]

    unrecorded: ClassVar[tuple[str, ...]] = ("nonce",)

    def __str__(self) -> str:
        return self.name or self.email


class Session(AbstractBaseSession):
    """A place where somebody is signed in. The key is kept as its digest: a copy of the database opens no door."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=120, blank=True)
    address = models.GenericIPAddressField(null=True)
    since = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)

    objects: ClassVar[Any] = BaseSessionManager()

    class Meta:
        verbose_name = _("sign-in session")
        verbose_name_plural = _("sign-in sessions")

    def __str__(self) -> str:
        return f"{self.user} · {self.device}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore
