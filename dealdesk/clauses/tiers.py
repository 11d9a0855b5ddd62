"""Plan tiers as data: which clauses, positions and values follow from the plan that is sold."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from dealdesk.clauses.model import AgreementTemplate, Clause, Tier, TierChoice
from dealdesk.clauses.scalars import ScalarError, read_value
from dealdesk.kernel.errors import Problem
from dealdesk.kernel.located_yaml import Data, Located
from dealdesk.kernel.records import Record

TIERS_FILE = "tiers.yaml"


def read_tiers(
    located: Located,
    problems: list[Problem],
    clauses: Mapping[str, Clause],
    agreements: Mapping[str, AgreementTemplate],
) -> dict[str, Tier]:
    """Return the tiers of a file by id; every fault in it is added to the problems."""
    whole = Record.whole(located, problems)
    if whole is None:
        return {}
    tiers: dict[str, Tier] = {}
    for item in whole.records("tiers", required=True):
        tier = _tier(item, clauses, agreements)
        if tier.id in tiers:
            item.problem("id", "duplicate-tier", f"The tier “{tier.id}” stands twice.")
        tiers[tier.id] = tier
    whole.finish()
    return tiers


def _tier(
    record: Record, clauses: Mapping[str, Clause], agreements: Mapping[str, AgreementTemplate]
) -> Tier:
    agreement = record.choice("agreement", tuple(agreements))
    template = agreements.get(agreement)
    parts = template.parts if template else ()
    slots = {slot.instance: slot.clause for part in parts for slot in part.slots}
    tier = Tier(
        id=record.text("id"),
        title=record.text("title"),
        summary=record.text("summary"),
        agreement=agreement,
        sku=record.text("sku"),
        clauses=MappingProxyType(dict(_choices(record, slots, clauses))),
    )
    record.finish()
    return tier


def _choices(
    record: Record, slots: Mapping[str, str], clauses: Mapping[str, Clause]
) -> Iterator[tuple[str, TierChoice]]:
    for item in record.records("clauses"):
        instance = item.choice("clause", tuple(slots))
        clause = clauses.get(slots.get(instance, ""))
        position = item.text("position", default="standard")
        values = item.data_mapping("values")
        if clause is not None:
            if clause.position(position) is None:
                message = f"{clause.id} has no position “{position}”."
                item.problem("position", "unknown-position", message)
            _note_values(item, clause, values)
        item.finish()
        yield instance, TierChoice(position, MappingProxyType(dict(values)))


def _note_values(record: Record, clause: Clause, values: Mapping[str, Data]) -> None:
    for name, data in values.items():
        variable = clause.variable(name)
        if variable is None:
            message = f"{clause.id} has no value “{name}”."
            record.problem(f"values.{name}", "unknown-variable", message)
            continue
        try:
            read_value(data, variable.type)
        except ScalarError as error:
            message = f"{name}: {error.problems[0].message}"
            record.problem(f"values.{name}", "bad-value", message)
