"""Dimensions of quality: the aspects under which customers judge a service, shipped and of the company's own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.core.record import Record


class QualityDimension(Record):
    """An aspect of quality; the shipped ones are named in the reader's language, by their key."""

    class Family(models.TextChoices):
        SERVQUAL = "servqual", _("SERVQUAL")
        EN_13816 = "en13816", _("EN 13816 (public transport)")
        OWN = "own", _("Our own")

    key = models.SlugField(_("key"), max_length=60, unique=True, editable=False)
    family = models.CharField(
        _("from"), max_length=10, choices=Family.choices, default=Family.OWN, editable=False
    )
    name = models.CharField(
        _("name"), max_length=100, help_text=_("As customers would say it, for example: warmth.")
    )
    meaning = models.TextField(
        _("what it means here"), blank=True, help_text=_("What belongs to it in your service.")
    )

    class Meta:
        verbose_name = _("quality dimension")
        verbose_name_plural = _("quality dimensions")
        constraints = [
            models.UniqueConstraint(
                fields=["family", "name"],
                name="standards_dimension_once",
                violation_error_message=_("There is already a dimension with this name."),
            )
        ]

    def __str__(self) -> str:
        return str(SHIPPED_NAMES.get(self.key, self.name))


# key: (family, the name as stored); people read it in their language. Parasuraman, Zeithaml and Berry (1988); EN 13816:2002, annex A.
SHIPPED: dict[str, tuple[str, str]] = {
    "servqual-tangibles": ("servqual", "Tangibles"),
    "servqual-reliability": ("servqual", "Reliability"),
    "servqual-responsiveness": ("servqual", "Responsiveness"),
    "servqual-assurance": ("servqual", "Assurance"),
    "servqual-empathy": ("servqual", "Empathy"),
    "en13816-availability": ("en13816", "Availability"),
    "en13816-accessibility": ("en13816", "Accessibility"),
    "en13816-information": ("en13816", "Information"),
    "en13816-time": ("en13816", "Time"),
    "en13816-customer-care": ("en13816", "Customer care"),
    "en13816-comfort": ("en13816", "Comfort"),
    "en13816-security": ("en13816", "Security"),
    "en13816-environmental-impact": ("en13816", "Environmental impact"),
}
SHIPPED_NAMES = {
    "servqual-tangibles": pgettext_lazy("quality dimension", "Tangibles"),
    "servqual-reliability": pgettext_lazy("quality dimension", "Reliability"),
    "servqual-responsiveness": pgettext_lazy("quality dimension", "Responsiveness"),
    "servqual-assurance": pgettext_lazy("quality dimension", "Assurance"),
    "servqual-empathy": pgettext_lazy("quality dimension", "Empathy"),
    "en13816-availability": pgettext_lazy("quality dimension", "Availability"),
    "en13816-accessibility": pgettext_lazy("quality dimension", "Accessibility"),
    "en13816-information": pgettext_lazy("quality dimension", "Information"),
    "en13816-time": pgettext_lazy("quality dimension", "Time"),
    "en13816-customer-care": pgettext_lazy("quality dimension", "Customer care"),
    "en13816-comfort": pgettext_lazy("quality dimension", "Comfort"),
    "en13816-security": pgettext_lazy("quality dimension", "Security"),
    "en13816-environmental-impact": pgettext_lazy("quality dimension", "Environmental impact"),
}
