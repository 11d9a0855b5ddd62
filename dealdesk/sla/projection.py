"""Project the SLA terms from the values that the agreement prints (I2): terms = project(inputs).

Each exported variable of the library names a path. Most paths take the value as it is; the
severity matrix, the credit table, calendars and channels unfold into the terms' own shape.
docs/guides/sla-paths.md lists the paths.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dealdesk.agreements.exports import ExportedValue, exported_values, unprinted_exports
from dealdesk.agreements.model import Version
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.sla.json_values import amount_json, calendar_json, json_of
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.formatting import format_value
from dealdesk.terms.value_types import TypedValue
from dealdesk.terms.values import Duration, Nothing, Option, OptionSet, Row, Table

SCHEMA = "sla-terms/1"
ALWAYS = "24x7"
SUPPORT = "support"
METRICS = ("response", "update", "workaround", "resolution")
_METRIC_NAMES = {"response": "first_response"}
_MATRIX = "severities"
_CALENDARS = "calendars."
_BUSINESS_DAY_RULE = "clock_rules.business_day_rule"
_BUSINESS_DAYS_FROM = "clock_rules.business_days_from"


@dataclass(frozen=True, slots=True)
class _Source:
    """The exported values of a version by path."""

    values: Mapping[str, ExportedValue]

    def option(self, path: str, default: str) -> str:
        exported = self.values.get(path)
        if exported is not None and isinstance(exported.typed.value, Option):
            return exported.typed.value.id
        return default


def project(version: Version, library: Library) -> Mapping[str, Json]:
    """Return the public SLA terms of a version as plain data, in the schema's order of keys.

    Raise RefusedError where an exported value is printed nowhere: such terms would say what the
    text does not.
    """
    problems = list(unprinted_exports(version.inputs, library, version.tree))
    if problems:
        raise RefusedError(problems)
    source = _Source({e.path: e for e in exported_values(version.inputs, library)})
    terms: dict[str, Json] = {**_head(version), "services": ["service"]}
    for path, exported in source.values.items():
        unfold = _UNFOLD.get(path)
        if unfold is not None:
            _merge(terms, unfold(exported, source))
        elif path.startswith(_CALENDARS):
            continue
        else:
            _put(terms, path, json_of(exported.typed))
    terms["calendars"] = list(_calendars(source))
    terms["provenance"] = list(_provenance(source))
    return {key: terms[key] for key in _ORDER if key in terms}


_ORDER = (
    "schema", "id", "revision", "text_sha256", "customer", "effective", "services", "plan",
    "calendars", "severities", "severity_rules", "targets", "clock_rules", "channels",
    "success_manager",
    "availability", "credits", "chronic_failure", "provenance",
)  # fmt: skip


def _head(version: Version) -> dict[str, Json]:
    inputs = version.inputs
    return {
        "schema": SCHEMA,
        "id": inputs.number,
        "revision": version.number,
        "text_sha256": version.hashes.text,
        "customer": {"name": inputs.customer.name},
        "effective": {
            "from": inputs.order.term.start.isoformat(),
            "until": inputs.order.term.end.isoformat(),
        },
    }


def _put(terms: dict[str, Json], path: str, value: Json) -> None:
    """Put a value at a dotted path, making the objects on the way."""
    *parents, last = path.split(".")
    place = terms
    for name in parents:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            msg = f"the export path {path} crosses a value"
            raise TypeError(msg)
        place = inner
    place[last] = value


def _merge(terms: dict[str, Json], parts: Mapping[str, Json]) -> None:
    """Add unfolded parts; an object that other paths have begun is added to, not replaced."""
    for key, part in parts.items():
        present = terms.get(key)
        if isinstance(present, dict) and isinstance(part, Mapping):
            present.update(part)
        else:
            terms[key] = part


def _calendars(source: _Source) -> Iterator[Json]:
    yield {"id": ALWAYS, "always_open": True}
    for path, exported in source.values.items():
        if path.startswith(_CALENDARS) and isinstance(exported.typed.value, Calendar):
            name = path.removeprefix(_CALENDARS)
            yield {**calendar_json(exported.typed.value), "id": name}


def _cells(exported: ExportedValue) -> Iterator[tuple[Row, dict[str, TypedValue]]]:
    table = exported.typed.value
    for row in table.rows if isinstance(table, Table) else ():
        pairs = zip(exported.typed.type.columns, row.cells, strict=True)
        yield row, {column.id: TypedValue(column.type, cell) for column, cell in pairs}


def _severities(exported: ExportedValue, source: _Source) -> dict[str, Json]:
    """Return severities by rank, and a target for each metric that a row promises."""
    severities: list[Json] = []
    targets: list[Json] = []
    rule = source.option(_BUSINESS_DAY_RULE, "end_of_day")
    start = source.option(_BUSINESS_DAYS_FROM, "report")
    for rank, (row, cells) in enumerate(_cells(exported), 1):
        severity: dict[str, Json] = {
            "id": row.key,
            "rank": rank,
            "definition": json_of(cells["definition"]),
        }
        if rank == 1 and source.option("severity_rules.security", "") == "sev1":
            severity["includes"] = ["security_vulnerability"]
        severities.append(severity)
        clock = cells["clock"].value
        always = isinstance(clock, Option) and clock.id == ALWAYS
        for metric in METRICS:
            cell = cells.get(metric)
            if cell is not None and isinstance(cell.value, Duration):
                targets.append(
                    {
                        "severity": row.key,
                        "metric": _METRIC_NAMES.get(metric, metric),
                        "amount": amount_json(
                            cell.value, rule, is_always_open=always, day_start=start
                        ),
                        "calendar": ALWAYS if always else SUPPORT,
                    }
                )
    return {"severities": severities, "targets": targets}


def _tiers(exported: ExportedValue, source: _Source) -> dict[str, Json]:
    del source
    return {
        "credits": {
            "tiers": [
                {column: json_of(cell) for column, cell in cells.items()}
                for _, cells in _cells(exported)
            ]
        }
    }


def _channels(exported: ExportedValue, source: _Source) -> dict[str, Json]:
    del source
    channels: list[Json] = []
    for row, cells in _cells(exported):
        severities = cells["severities"].value
        channel: dict[str, Json] = {"id": row.key}
        channel["severities"] = list(severities.ids) if isinstance(severities, OptionSet) else []
        hours = cells["hours"].value
        channel["calendar"] = hours.id if isinstance(hours, Option) else SUPPORT
        address = cells.get("address")
        if address is not None and not isinstance(address.value, Nothing):
            channel["address"] = format_value(address.value, address.type, "en")
        channels.append(channel)
    return {"channels": channels}


_Unfold = Callable[[ExportedValue, _Source], dict[str, Json]]
_UNFOLD: Mapping[str, _Unfold] = {
    _MATRIX: _severities,
    "credits.tiers": _tiers,
    "channels": _channels,
}


def _provenance(source: _Source) -> Iterator[Json]:
    for path, exported in sorted(source.values.items()):
        yield {"path": f"/{path.replace('.', '/')}", "clause": exported.clause}
