"""Time zones as people look for them: by their country, and within it by a place; hardly anybody knows a zone's name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The countries that are named, by their ISO code; all others are found by continent and place.
COUNTRIES = {
    "AR": gettext_lazy("Argentina"),
    "BO": gettext_lazy("Bolivia"),
    "BR": gettext_lazy("Brazil"),
    "CA": gettext_lazy("Canada"),
    "CL": gettext_lazy("Chile"),
    "CO": gettext_lazy("Colombia"),
    "CR": gettext_lazy("Costa Rica"),
    "CU": gettext_lazy("Cuba"),
    "DO": gettext_lazy("Dominican Republic"),
    "EC": gettext_lazy("Ecuador"),
    "ES": gettext_lazy("Spain"),
    "GB": gettext_lazy("United Kingdom"),
    "GQ": gettext_lazy("Equatorial Guinea"),
    "GT": gettext_lazy("Guatemala"),
    "HN": gettext_lazy("Honduras"),
    "IE": gettext_lazy("Ireland"),
    "MX": gettext_lazy("Mexico"),
    "NI": gettext_lazy("Nicaragua"),
    "PA": gettext_lazy("Panama"),
    "PE": gettext_lazy("Peru"),
    "PR": gettext_lazy("Puerto Rico"),
    "PT": gettext_lazy("Portugal"),
    "PY": gettext_lazy("Paraguay"),
    "SV": gettext_lazy("El Salvador"),
    "US": gettext_lazy("United States"),
    "UY": gettext_lazy("Uruguay"),
    "VE": gettext_lazy("Venezuela"),
}
# The places that stand for the others with the same clock, where the zone's own name is not what people would look for.
PLACES = {
    "America/Sao_Paulo": gettext_lazy("Brasília, São Paulo"),
    "America/Manaus": "Manaus",
    "America/Rio_Branco": "Rio Branco",
    "America/Noronha": "Fernando de Noronha",
    "America/St_Johns": "St. John’s",
    "America/Toronto": "Toronto",
    "America/Winnipeg": "Winnipeg",
    "America/Punta_Arenas": "Punta Arenas",
    "Pacific/Easter": gettext_lazy("Easter Island"),
    "Pacific/Galapagos": gettext_lazy("Galápagos Islands"),
    "America/Guayaquil": "Quito, Guayaquil",
    "America/Mexico_City": gettext_lazy("Mexico City"),
    "America/Cancun": "Cancún",
    "America/Mazatlan": "Mazatlán, Hermosillo",
    "America/Ciudad_Juarez": "Ciudad Juárez",
    "America/Matamoros": "Matamoros, Reynosa",
    "Atlantic/Azores": gettext_lazy("Azores"),
    "Europe/Lisbon": gettext_lazy("Lisbon"),
    "Atlantic/Canary": gettext_lazy("Canary Islands"),
    "Europe/Madrid": gettext_lazy("Mainland and Balearic Islands"),
    "America/New_York": gettext_lazy("New York"),
}
CONTINENTS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Arctic": gettext_lazy("Arctic"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic Ocean"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific Ocean"),
}
Choices = list[tuple[str, str | list[tuple[str, str]]]]


def choices(on: dt.date) -> Choices:
    """“Colombia”, “Mexico: Tijuana”, then the other places of the world under their continent."""
    by_country = _by_country()
    named = [option for code, name in COUNTRIES.items() for option in _of(str(name), by_country[code], on)]
    listed = {zone for code in COUNTRIES for zone in by_country[code]}
    others: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for zone in sorted({zone for zones in by_country.values() for zone in zones} - listed):
        continent, _slash, place = zone.partition("/")
        others[str(CONTINENTS.get(continent, continent))].append((zone, _plain(place)))
    return [*sorted(named, key=lambda one: one[1]), *sorted(others.items()), ("UTC", _("No country: UTC"))]


def _of(country: str, zones: Iterable[str], on: dt.date) -> list[tuple[str, str]]:
    """One option for each time that the clocks of a country show in the year to come; a place that people know stands for it."""
    different: dict[tuple[dt.timedelta | None, ...], str] = {}
    for zone in sorted(zones, key=lambda zone: zone not in PLACES):
        different.setdefault(_clocks(zone, on), zone)
    kept = sorted(different.values(), key=_place)
    if len(kept) == 1:
        return [(kept[0], country)]
    return [
        (zone, _("%(country)s: %(place)s") % {"country": country, "place": _place(zone)}) for zone in kept
    ]


def _place(zone: str) -> str:
    return str(PLACES.get(zone) or _plain(zone.rpartition("/")[2]))


def _clocks(zone: str, on: dt.date) -> tuple[dt.timedelta | None, ...]:
    month = dt.datetime(on.year, on.month, 15, 12)
    days = (month + dt.timedelta(days=30 * number) for number in range(12))
    return tuple(day.replace(tzinfo=ZoneInfo(zone)).utcoffset() for day in days)


def _by_country() -> Mapping[str, list[str]]:
    """As the time zone database lists them."""
    known, found = available_timezones(), defaultdict(list)
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _where, zone, *_said = line.split("\t")
            if zone in known:
                found[code].append(zone)
    return found


def _plain(place: str) -> str:
    return place.replace("_", " ").replace("/", ", ")
