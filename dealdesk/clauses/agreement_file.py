"""Read the agreements of a library: their parts, and the clauses that stand in them."""

from collections.abc import Collection, Iterator
from pathlib import Path

from dealdesk.clauses.library_texts import TWIN_REMEDY, Load, items_of
from dealdesk.clauses.model import (
    AgreementTemplate,
    Part,
    Slot,
)
from dealdesk.documents.tree import SectionKind
from dealdesk.kernel.errors import Place, Problem
from dealdesk.kernel.records import Record


def read_agreements(load: Load, known: Collection[str]) -> dict[str, AgreementTemplate]:
    """Return the agreements of a library by their ids; `known` are the clauses that there are."""
    found: dict[str, AgreementTemplate] = {}
    for path in sorted(load.root.glob("agreements/*.yaml")):
        agreement = _read_agreement(load, path, known)
        if agreement is None:
            continue
        if agreement.id in found:
            message = f"The id {agreement.id} is taken by {found[agreement.id].file}."
            load.problems.append(
                Problem("duplicate-id", message, Place(agreement.file, 1, "id"), TWIN_REMEDY)
            )
        found[agreement.id] = agreement
    return found


def _read_agreement(load: Load, path: Path, known: Collection[str]) -> AgreementTemplate | None:
    record = load.record(path)
    if record is None:
        return None
    template = AgreementTemplate(
        id=record.text("id"),
        title=record.text("title"),
        short_title=record.text("short_title"),
        language=record.text("language", default="en"),
        parts=tuple(_read_part(item, known) for item in items_of(record, "parts", required=True)),
        precedence=record.texts("precedence"),
        file=load.name(path),
    )
    _note_twin_slots(record, template)
    record.finish()
    return template


def _note_twin_slots(record: Record, template: AgreementTemplate) -> None:
    seen: set[str] = set()
    for slot in (slot for part in template.parts for slot in part.slots):
        if slot.instance in seen:
            message = f"{slot.instance} stands twice in {template.id}."
            remedy = "Take one out, or give it an instance of its own."
            record.problem("parts", "duplicate-id", message, remedy)
        seen.add(slot.instance)


def _read_part(record: Record, known: Collection[str]) -> Part:
    part = Part(
        id=record.text("id"),
        title=record.text("title"),
        kind=SectionKind(record.choice("kind", tuple(SectionKind), default=SectionKind.TERMS)),
        slots=tuple(_read_slots(record, known)),
    )
    record.finish()
    return part


def _read_slots(record: Record, known: Collection[str]) -> Iterator[Slot]:
    for item in record.words_or_records("clauses"):
        if isinstance(item, Record):
            clause = item.text("clause")
            slot = Slot(
                clause,
                item.text("instance", default=clause),
                item.text("position", default="standard"),
                item.flag("optional", default=False),
            )
            item.finish()
        else:
            slot = Slot(item, item)
        if slot.clause not in known:
            record.problem(
                "clauses", "unknown-clause", f"The library has no clause “{slot.clause}”."
            )
        yield slot
