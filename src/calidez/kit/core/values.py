"""Values from outside (an API call, a row of a file) become checked field values; references are found by code or identifier.

What a text may mean differs between places: a file from a Spanish spreadsheet writes 95,5 and 12/03/2026, an API
call sends numbers and ISO dates. `Notation` says which; what stays ambiguous is refused, never guessed.
"""

from __future__ import annotations

import base64
import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from calidez.kit.core import admission
from calidez.kit.core.any_record import AnyRecord, Named
from calidez.kit.core.finding import find, find_any, text_of
from calidez.kit.platform import far_days

_PRECISE = 10**15  # beyond, a number holds no longer each of its digits
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
MOST_FAULTS = 100  # said at once of names that mean nothing
_YES = {"true", "yes", "y", "1", "si", "s", "verdadero", "x"}
_NO = {"false", "no", "n", "0", "falso"}


class Unreadable(Exception):
    """Some values cannot be taken; `errors` says per field what is wrong and how to mend it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {sentence}" for name, sentence in errors.items()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Notation:
    """How texts write numbers and dates: `decimal` "." or ","; `dates` "iso", "dmy" or "mdy"."""

    decimal: str = "."
    dates: str = "iso"


class Reader:
    """Reads rows for the fields `names` of one kind on behalf of one person, who can only refer to what they can see.

    Keeps what it looked up, so that a hundred thousand rows with the same branch ask for it once.
    """

    def __init__(
        self, entity: Any, names: Sequence[str], user: Any, *, notation: Notation | None = None
    ) -> None:
        self.entity = entity
        self.fields = {name: entity.model._meta.get_field(name) for name in names}
        self.user = user
        self.notation = notation or Notation()
        self._found: dict[tuple[type[Any], str], Any] = {}
        self._choices: dict[str, dict[str, Any]] = {}

    def read(self, raw: Mapping[str, Any], *, needed: Sequence[str] = ()) -> dict[str, Any]:
        """Values for the fields that `raw` names; raises Unreadable with all that is wrong at once.

        Of the fields in `needed`, as of a new record, those that a form would insist on must be there.
        """
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, given in raw.items():
            field = self.fields.get(name)
            if field is None:
                if len(errors) >= MOST_FAULTS:
                    break
                errors[name] = _("There is no field “%(name)s” here; there are: %(fields)s.") % {
                    "name": name,
                    "fields": ", ".join(self.fields),
                }
                continue
            try:
                values[name] = self._value(field, given)
            except ValidationError as error:
                errors[name] = " ".join(error.messages)
        for name in needed:
            if name not in raw and _insisted_on(self.fields[name]):
                errors[name] = _("A value is needed here.")
        if errors:
            raise Unreadable(errors)
        return values

    def _value(self, field: Any, given: Any) -> Any:
        if isinstance(given, str) and "\x00" in given:
            raise ValidationError(_("A text cannot hold the null character."))
        if field.many_to_many:
            return self._many(field, given)
        if isinstance(field, models.FileField):
            return _file(given)
        if _nothing(given):
            # An empty text is a value of its own where the field is text; elsewhere it means none.
            empty = "" if field.empty_strings_allowed and not field.null else None
            if not field.blank and not (field.null and given is None):
                raise ValidationError(_("A value is needed here."))
            return empty
        if isinstance(field, models.ForeignKey):
            return self.reference(field.related_model, given)
        if isinstance(field, AnyRecord):
            return self.any_record(given)
        if field.choices:
            return self._choice(field, given)
        return field.clean(self._plain(field, given), None)

    def _plain(self, field: Any, given: Any) -> Any:
        """The Python value for a field that is neither choice nor reference."""
        if isinstance(field, models.BooleanField):
            return _truth(given)
        if isinstance(field, models.DateTimeField):
            return admission.admit(field, self._moment(given))
        if isinstance(field, models.DateField):
            return admission.admit(field, self._day(given))
        if isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField)):
            return self._number(field, given)
        if isinstance(field, models.JSONField):
            return given
        if isinstance(given, bool) or not isinstance(given, (str, int, float, Decimal)):
            raise ValidationError(_("A text is needed here."))
        return admission.admit(field, _written(given)).strip()

    def _number(self, field: Any, given: Any) -> Any:
        if isinstance(given, bool) or not isinstance(given, (str, int, float, Decimal)):
            raise ValidationError(_("A number is needed here."))
        plain = number_from(given, self.notation.decimal) if isinstance(given, str) else given
        if isinstance(field, models.IntegerField) and isinstance(plain, int):
            return plain
        number = admission.finite(plain)
        if isinstance(field, models.IntegerField):
            if not number.is_integer():
                raise ValidationError(_("A whole number is needed here."))
            return int(number)
        return plain if isinstance(field, models.DecimalField) else number

    def _day(self, given: Any) -> dt.date:
        if isinstance(given, dt.datetime):
            return given.date()
        if isinstance(given, dt.date):
            return given
        text = str(given).strip()
        try:
            return dt.date.fromisoformat(
                text[:10] if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]00:00(:00)?", text) else text
            )
        except ValueError:
            pass
        match = _DATE.fullmatch(text)
        if match is None:
            raise ValidationError(_("“%(text)s” is no date: write it as 2026-03-12.") % {"text": text[:40]})
        if self.notation.dates == "iso":
            raise ValidationError(
                _("“%(text)s” may be day/month or month/day: say which, or write it as 2026-03-12.")
                % {"text": text[:40]}
            )
        first, second, year = (int(part) for part in match.groups())
        day, month = (first, second) if self.notation.dates == "dmy" else (second, first)
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise ValidationError(
                _("“%(text)s” is no date: that month has no such day.") % {"text": text}
            ) from None

    def _moment(self, given: Any) -> dt.datetime:
        if isinstance(given, dt.datetime):
            moment: dt.datetime | None = given
        else:
            try:
                moment = parse_datetime(str(given).strip())
            except ValueError:
                moment = None
        if moment is None:
            raise ValidationError(
                _("“%(text)s” is no date and time: write it as 2026-03-12T09:40.") % {"text": str(given)[:40]}
            )
        far_days.refuse_far(moment)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    def _choice(self, field: Any, given: Any) -> Any:
        if field.name not in self._choices:
            self._choices[field.name] = _words_of(field)
        words = self._choices[field.name]
        key = folded(str(given))
        if key not in words:
            raise ValidationError(
                _("“%(text)s” is not one of: %(choices)s.")
                % {
                    "text": str(given)[:60],
                    "choices": ", ".join(f"{value} ({label})" for value, label in field.flatchoices),
                }
            )
        return words[key]

    def _many(self, field: Any, given: Any) -> list[Any]:
        if _nothing(given):
            return []
        parts = given if isinstance(given, (list, tuple)) else str(given).split(";")
        return [self.reference(field.related_model, part) for part in parts if not _nothing(part)]

    # -- references -----------------------------------------------------------------------------------------

    def reference(self, model: Any, given: Any) -> Any:
        """The record meant by an identifier, a code, `{"uid": …}` or `{"code": …}`, among those the person can see."""
        if isinstance(given, models.Model):
            return given
        if isinstance(given, Mapping):
            given = given.get("uid") or given.get("code") or ""
        text = (_written(given) if isinstance(given, float) else str(given)).strip()
        key = (model, text.lower())
        if key not in self._found:
            self._found[key] = find(model, text, self.user)
        return self._found[key]

    def any_record(self, given: Any) -> Named:
        """The record meant, of whatever kind."""
        text = text_of(given)
        key = (Named, text.lower())
        if key not in self._found:
            self._found[key] = find_any(text, self.user)
        found: Named = self._found[key]
        return found


def _written(given: Any) -> str:
    """A text that came as a number: spreadsheets hold a code of digits as 12.0."""
    if not isinstance(given, float):
        return str(given)
    if not math.isfinite(given) or abs(given) >= _PRECISE:
        # What was written cannot be told from the number any more.
        raise ValidationError(
            _("A text is needed here; this came as a number, and its last digits are lost.")
        )
    return str(int(given)) if given.is_integer() else str(given)


def number_from(text: str, decimal: str) -> float:
    """A written number; one that could be a thousand or a fraction is refused."""
    compact = re.sub(r"\s", "", text).replace("−", "-")
    other = "," if decimal == "." else "."
    grouped = rf"[+-]?\d{{1,3}}(\{other}\d{{3}})+(\{decimal}\d+)?"
    if re.fullmatch(rf"[+-]?(\d+(\{decimal}\d*)?|\{decimal}\d+)", compact):
        return float(compact.replace(decimal, "."))
    if re.fullmatch(grouped, compact):
        if compact.count(other) == 1 and decimal not in compact:
            raise ValidationError(
                _("“%(text)s” may be thousands or decimals: write it without a thousands sign.")
                % {"text": text}
            )
        return float(compact.replace(other, "").replace(decimal, "."))
    if re.fullmatch(rf"[+-]?\d+\{other}\d+", compact):
        return float(compact.replace(other, "."))
    raise ValidationError(_("“%(text)s” is no number.") % {"text": text[:40]})


def folded(text: str) -> str:
    """For comparing words: without capitals, accents and blanks around."""
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _words_of(field: Any) -> dict[str, Any]:
    """Every way to say each choice: the stored value, and its label in each language of the site."""
    words: dict[str, Any] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {folded(str(label)): value for value, label in field.flatchoices}
    return words | {folded(str(value)): value for value, _label in field.flatchoices}


def _file(given: Any) -> Any:
    """A new file, or none. Never the place of one: whoever guesses that may not see what is kept there."""
    if _nothing(given):
        return ""
    if not isinstance(given, Mapping) or not isinstance(given.get("content"), str):
        raise ValidationError(_('A file is sent as an object: {"name": …, "content": … in Base64}.'))
    try:
        content = base64.b64decode(given["content"], validate=True)
    except ValueError:
        raise ValidationError(_("The content of the file is not valid Base64.")) from None
    if not content:
        raise ValidationError(_("The file is empty."))
    return ContentFile(content, name=str(given.get("name") or "")[:250])


def _insisted_on(field: Any) -> bool:
    return not (field.blank or field.null or field.has_default() or field.many_to_many)


def _truth(given: Any) -> bool:
    word = folded(str(given))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError(_("Write yes or no here."))


def _nothing(given: Any) -> bool:
    return given is None or (isinstance(given, str) and not given.strip())
