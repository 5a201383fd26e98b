"""The sheet of a standard: what those who keep it must know, written out as a controlled document that they confirm."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from calidez.documents import services as documents
from calidez.documents.models import Document, DocumentKind
from calidez.people import languages
from calidez.standards.models import Standard, StandardVersion
from calidez.standards.sentences import target_sentence, tolerance_words, unacceptable_words


def publish(version: StandardVersion, *, by: Any) -> None:
    """Once for each version, where somebody must read it; a sheet that is there already follows every version.

    It takes effect with the version, approved by the same second person.
    """
    standard = version.record
    readers = standard.readers_positions.exists() or standard.readers_units.exists()
    if version.sheet_id is not None or not (readers or standard.document_id):
        return
    with translation.override(languages.usual()):
        written = documents.write_out(
            _sheet_of(standard),
            kind=DocumentKind.STANDARD,
            title=standard.title,
            text=text_of(version),
            unit=standard.unit,
            owner=standard.owner,
            by=standard.proposed_by,
            summary=_summary(version),
        )
    document = written.document
    documents.hand_on(
        document,
        unit=standard.unit,
        owner=standard.owner,
        readers_positions=standard.readers_positions.all(),
        readers_units=standard.readers_units.all(),
        by=by,
    )
    issued = documents.issue(written, by=by, approved_by=by, effective_on=version.starts)
    version.sheet = issued
    version.save(update_fields=["sheet"])
    standard.document = Document.objects.get(pk=document.pk)  # as it stands now that the text is issued
    Standard.objects.filter(pk=standard.pk).update(document=document)


def _sheet_of(standard: Standard) -> Document | None:
    """None where there is none yet, or somebody retired it by itself: then the standard gets a new one."""
    document = standard.document
    return document if document is not None and document.state != Document.State.RETIRED else None


def withdraw(standard: Standard, *, by: Any) -> None:
    """A standard that no longer holds is no longer read; whoever may end it may end its sheet."""
    if standard.document is not None:
        documents.end(standard.document, by=by, note=_("The standard was retired."))


def text_of(version: StandardVersion) -> str:
    """Markdown, in the language that is active; only what the standard says."""
    standard = version.record
    promised = _("**We promise:** %(target)s.") % {"target": target_sentence(version)}
    parts = [standard.requirement, promised]
    if version.tolerance:
        parts.append(_("**Tolerance:** %(tolerance)s.") % {"tolerance": tolerance_words(version)})
    if version.unacceptable is not None:
        parts.append(
            _("**Unacceptable:** %(value)s. **What to do then:** %(reaction)s")
            % {"value": unacceptable_words(version), "reaction": version.reaction}
        )
    parts += [*_sections(standard), _who(standard)]
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _sections(standard: Standard) -> list[str]:
    local = [
        f"- {row.unit}: {target_sentence(standard, row.target)}"
        for row in standard.local_targets.select_related("unit").order_by("unit__path")
    ]
    basis = [
        f"- {row.get_kind_display()}: {row.reference}" + (f". {row.explanation}" if row.explanation else "")
        for row in standard.basis.order_by("pk")
    ]
    measured = [text for text in (standard.get_frequency_display(), standard.sampling) if text]
    found = (
        (_("Where another target holds"), "\n".join(local)),
        (_("How it is measured"), "\n\n".join(_capital(text) for text in measured)),
        (_("When it is not kept"), standard.remedy),
        (_("What it rests on"), "\n".join(basis)),
    )
    return [f"## {title}\n\n{text}" for title, text in found if text]


def _who(standard: Standard) -> str:
    units = ", ".join(str(unit) for unit in standard.units.order_by("path")) or str(standard.unit)
    said = _("%(owner)s answers for it. It holds in: %(units)s.") % {"owner": standard.owner, "units": units}
    return f"## {_('Who and where')}\n\n{said}"


def _summary(version: StandardVersion) -> str:
    if version.number == 1:
        return _("First version of the standard.")
    return _("Version %(number)s of the standard: %(target)s.") % {
        "number": version.number,
        "target": target_sentence(version),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
