"""What the greeting asks."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.config.welcome import code, time_zones
from calidez.people.models import User
from calidez.people.pages.fields import new_password_field


class LanguageForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Setup code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=gettext_lazy(
            "It was printed in the window in which Calidez was started, and stands in the file setup.code of the data folder. It keeps strangers out."
        ),
    )

    def clean_code(self) -> str:
        given = self.cleaned_data["code"]
        if not code.fits(given):
            raise forms.ValidationError(
                _(
                    "This is not the code. Look again in the window in which Calidez was started, or in the file setup.code of the data folder."
                )
            )
        return str(given)


class OrganisationForm(forms.Form):
    organisation = forms.CharField(
        label=gettext_lazy("What is your organisation called?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("In which country does it work?"),
        help_text=gettext_lazy(
            "It says the time zone. In a country with several, choose the place whose clock is yours."
        ),
    )

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)  # type: ignore[arg-type]
        found = time_zones.choices(timezone.localdate())
        own = settings.TIME_ZONE if settings.TIME_ZONE_GIVEN else ""
        if own and own not in _values(found):
            found.insert(0, (own, own.replace("_", " ")))
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a country")), *found]
        field.initial = own


def _values(choices: time_zones.Choices) -> set[str]:
    return {
        zone
        for value, within in choices
        for zone, _name in (within if isinstance(within, list) else [(value, "")])
    }


class AdministratorForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = new_password_field()

    def clean(self) -> dict[str, str]:
        given = super().clean() or self.cleaned_data
        if "password" in given and "email" in given:
            try:
                validate_password(given["password"], User(email=given["email"], name=given.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


class UnitsForm(forms.Form):
    units = forms.CharField(
        label=gettext_lazy("Your units"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line; indent those that belong to the one above. A code may follow after a semicolon."
        ),
    )
    file = forms.FileField(label=gettext_lazy("Or a file (CSV or Excel)"), required=False)
