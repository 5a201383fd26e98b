"""Units, positions, people and the roles they hold at a unit."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.models import Record

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

    unrecorded: ClassVar[tuple[str, ...]] = ("path",)

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return self.path.count("/") - 1


class Position(Record):
    """A job that people hold in a unit: whom procedures and training speak to."""

    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="positions")
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


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=(username or "").strip())


class User(Record, AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    class Language(models.TextChoices):
        SPANISH = "es", "Español"
        ENGLISH = "en", "English"

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="users")
    position = models.ForeignKey(
        Position,
        verbose_name=_("position"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.SPANISH
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

    def __str__(self) -> str:
        return self.name


class Role(Record):
    """A named set of permissions; those shipped may be edited."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")

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


class Permission(models.Model):
    """One line of a role's table: this verb on this kind of record; * stands for all."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    entity = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "entity", "verb"], name="people_permission_once")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.verb} {self.entity}"


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
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="grants",
        help_text=_("The role holds here and in every unit below."),
    )
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
