"""Loads a sample organisation by the operations that a user has: units, people, a file, a standard, indicators."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core.children import Row
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.progress import report_progress
from calidez.kit.platform.jobs.worker import run_worker
from calidez.monitoring.models import Dataset, Indicator
from calidez.monitoring.services import import_file
from calidez.people.models import Grant, Position, Role, Unit, User
from calidez.people.selectors import organisation
from calidez.people.services import found_organisation, set_password
from calidez.samples import promising
from calidez.samples.emergency.texts import INVENTED, TEXTS
from calidez.standards.models import Standard
from calidez.standards.services import propose, put_in_force

FILE = Path(__file__).parent / "emergency" / "ae_attendances.csv.gz"
DATASET = "attendances"
IN_FORCE_SINCE = dt.date(2016, 4, 1)
# Only ever served on this computer by `calidez demo`; printed with the logins.
PASSWORD = "calidez-demo"  # noqa: S105
VISIT = dt.timedelta(days=365)
ADDRESS = "{role}@demo.example"

SCHEMA = engine.Schema(
    (
        engine.Column(
            "period", "period", engine.ColumnType.DATE, engine.Role.TIME, date_order="ymd", key=True
        ),
        engine.Column(
            "org_code", "org_code", engine.ColumnType.TEXT, engine.Role.BRANCH, key=True, required=True
        ),
        engine.Column("type", "type", engine.ColumnType.TEXT, engine.Role.SEGMENT, key=True),
        engine.Column(
            "attendances", "attendances", engine.ColumnType.NUMBER, engine.Role.VALUE, required=True
        ),
        engine.Column("breaches", "breaches", engine.ColumnType.NUMBER, engine.Role.VALUE, required=True),
        engine.Column("admissions", "admissions", engine.ColumnType.NUMBER, engine.Role.VALUE, required=True),
    )
)


@dataclass(frozen=True)
class Login:
    role: str
    email: str
    password: str


def load_sample(*, language: str = "es", progress: Callable[[str], None] | None = None) -> list[Login]:
    """The network of emergency departments; where it is already loaded, only the logins. Refuses foreign data."""
    words = TEXTS[language if language in TEXTS else "es"]
    if organisation() is not None:
        if not User.objects.filter(email=ADDRESS.format(role="administrator")).exists():
            raise RuleBroken(
                _(
                    "There is already an organisation here. Choose an empty data folder (CALIDEZ_DATA) for the sample."
                )
            )
        resume(language)
        return logins()
    with translation.override(language), transaction.atomic():
        admin = _found(words, language)
        _people(admin, _units(admin, words), words, language)
    resume(language)
    return logins()


def load_sample_into(by: User, language: str) -> None:
    """The sample's units, people and figures below an organisation of one's own; its people cannot sign in."""
    words = TEXTS[language if language in TEXTS else "es"]
    with translation.override(language):
        if not Unit.objects.filter(code="R").exists():
            with transaction.atomic():
                report_progress(0, 3, words["group_r"])
                _units(by, words)
        report_progress(1, 3, words["dataset"])
        # Below the organisation's own units: its own policy is another matter, and nobody is asked to read this one.
        place = Unit.objects.get(code="R")
        _fill(by, by, words, lambda: None, language=language, place=place)
        report_progress(3, 3)


def resume(language: str) -> None:
    """What follows the founding, each step skipped where it is done: a second run after an interruption goes on."""
    words = TEXTS[language if language in TEXTS else "es"]
    by = User.objects.get(email=ADDRESS.format(role="administrator"))
    manager = User.objects.get(email=ADDRESS.format(role="quality_manager"))
    with translation.override(language):
        work = lambda: run_worker(once=True)  # noqa: E731
        _fill(by, manager, words, work, language=language, place=manager.unit, readers=manager.unit)
        some = ("manager", "process_owner", "inspector")
        promising.confirm_reading(User.objects.filter(email__in=[ADDRESS.format(role=role) for role in some]))
        if Indicator.objects.filter(measured_at=None).exists():
            run_worker(once=True)


def _fill(
    by: User,
    manager: User,
    words: dict[str, str],
    work: Callable[[], object],
    *,
    language: str,
    place: Unit,
    readers: Unit | None = None,
) -> None:
    """File, policy, standard, indicators and objectives; `place` is where the policy holds."""
    language = language if language in TEXTS else "es"
    dataset = Dataset.objects.filter(code=DATASET).first()
    if dataset is None or not dataset.rows:
        import_file(
            FILE,
            dataset=DATASET,
            mapping=SCHEMA,
            by=by,
            name=words["dataset"],
            description=words["dataset_description"],
            source=words["dataset_source"],
        )
    # What an earlier run made is known by what it left behind, whatever people call it since.
    standard = promising.standard_made()
    if standard is None and not _measured_already():
        approver = _second_person(by, manager, words)
        with transaction.atomic():
            commitments = promising.promises(manager, approver=approver, unit=place, language=language)
            standard = _standard(
                manager, approver, words, promising.details_of_standard(language, commitments[0])
            )
            promising.bring_into_force(commitments[0].policy, by=manager, approver=approver, readers=readers)
            promising.remember(standard, unit=place)
    # What units, file and standard left to do has nothing to measure yet; later it would measure everything twice.
    work()
    if standard is not None and not _measured_already():
        with transaction.atomic():
            _indicators(manager, standard, words)
            promising.objectives(manager, standard, language=language)


def _measured_already() -> bool:
    return Indicator.objects.filter(dataset__code=DATASET).exists()


def logins() -> list[Login]:
    """One login per role, in the order of their rights."""
    with translation.override(translation.get_language()):
        return [
            Login(str(Role.objects.get(code=code)), ADDRESS.format(role=code), PASSWORD)
            for code in Role.objects.order_by("pk").values_list("code", flat=True)
            if User.objects.filter(email=ADDRESS.format(role=code)).exists()
        ]


def _found(words: dict[str, str], language: str) -> User:
    return found_organisation(
        name=words["organisation"],
        code="NHS-AE",
        language=language,
        email=ADDRESS.format(role="administrator"),
        person=words["administrator"] + INVENTED[language],
        password=PASSWORD,
    )


def _units(admin: User, words: dict[str, str]) -> Unit:
    """Two groups by the first letter of the code, and below them every provider of the file; returns the hospitals."""
    hospitals: Unit = _create(
        Unit, admin, code="R", name=words["group_r"], kind=Unit.Kind.GROUP, parent=admin.unit
    )
    others: Unit = _create(
        Unit, admin, code="OTHER", name=words["group_other"], kind=Unit.Kind.GROUP, parent=admin.unit
    )
    for code in _provider_codes():
        parent = hospitals if code.startswith("R") else others
        _create(Unit, admin, code=code, name=words["provider"] % {"code": code}, parent=parent)
    return hospitals


def _provider_codes() -> list[str]:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        return sorted({row["org_code"] for row in csv.DictReader(file)})


def _people(admin: User, hospitals: Unit, words: dict[str, str], language: str) -> None:
    """One invented person per role; the manager's role ends at the hospitals, to show what a scope is."""
    position = _create(
        Position, admin, name=words["position"], unit=hospitals, purpose=words["position_purpose"]
    )
    for role in Role.objects.exclude(code="administrator").order_by("pk"):
        at = hospitals if role.code in {"manager", "employee"} else admin.unit
        user = _create(
            User,
            admin,
            email=ADDRESS.format(role=role.code),
            name=words[role.code] + INVENTED[language],
            unit=at,
            position=position if role.code == "manager" else None,
            language=language,
        )
        set_password(user, PASSWORD, by=admin)
        ends = timezone.localdate() + VISIT if role.for_a_time else None
        _create(Grant, admin, user=user, role=role, unit=at, ends=ends)


def _second_person(by: User, manager: User, words: dict[str, str]) -> User:
    """Who puts in force what the manager wrote: a second person, invented where there is none. It cannot sign in."""
    if by != manager:
        return by
    invented: User | None = User.objects.filter(email=ADDRESS.format(role="quality_manager")).first()
    if invented is None:
        role = Role.objects.get(code="quality_manager")
        invented = _create(
            User,
            by,
            email=ADDRESS.format(role=role.code),
            name=words[role.code] + INVENTED[by.language if by.language in INVENTED else "es"],
            unit=by.unit,
            language=by.language,
        )
        _create(Grant, by, user=invented, role=role, unit=by.unit)
    return invented


def _standard(manager: User, approver: User, words: dict[str, str], details: dict[str, Any]) -> Standard:
    draft = _create(
        Standard,
        manager,
        title=words["standard"],
        requirement=words["requirement"],
        kind=Standard.Kind.RESULT,
        direction=Standard.Direction.AT_LEAST,
        target=95.0,
        tolerance=2.0,
        measured_in="%",
        owner=manager,
        unit=manager.unit,
        starts=IN_FORCE_SINCE,
        **details,
        child_rows={
            "rows_standardbasis": [
                Row({"kind": "norm", "reference": words["basis"], "explanation": words["basis_says"]})
            ]
        },
    )
    proposed = propose(draft, by=manager)
    done: Standard = put_in_force(proposed, by=approver)
    return done


def _indicators(manager: User, standard: Standard, words: dict[str, str]) -> None:
    common = {"dataset": Dataset.objects.get(code=DATASET), "unit": manager.unit, "owner": manager}
    within = {
        "standard": standard,
        "measure": Indicator.Measure.COUNTED,
        "numerator": "attendances - breaches",
        "denominator": "attendances",
    }
    for name, which in (("within", {"segments": "type"}), ("within_major", {"condition": "type = '1'"})):
        texts = {"name": words[name], "description": words[f"{name}_description"]}
        _create(Indicator, manager, **texts, **which, **within, **common)
    _create(
        Indicator,
        manager,
        name=words["admitted"],
        description=words["admitted_description"],
        measure=Indicator.Measure.COUNTED,
        numerator="admissions",
        denominator="attendances",
        better=Indicator.Better.NONE,
        **common,
    )
    _create(
        Indicator,
        manager,
        name=words["attended"],
        description=words["attended_description"],
        measure=Indicator.Measure.SUM,
        value="attendances",
        measured_in=words["patients"],
        better=Indicator.Better.NONE,
        **common,
    )


def _create(model: Any, by: User, **values: Any) -> Any:
    creation = catalog.of(model).creation
    assert creation is not None
    return creation(by=by, **values)
