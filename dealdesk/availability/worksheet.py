"""A report as JSON, as CSV that another program can recompute, and as text for people."""

import csv
import io
from collections.abc import Iterator
from fractions import Fraction

from dealdesk.availability.history_file import from_epoch
from dealdesk.availability.measuring import Part
from dealdesk.availability.report import Report
from dealdesk.availability.responses import Judged
from dealdesk.availability.steps import Step, steps_of
from dealdesk.kernel.hashing import Json, canonical_json, sha256_text

SCHEMA = "availability-report/1"
COLUMNS = (
    "row", "revision", "component", "start", "end", "start_epoch", "end_epoch", "seconds",
    "weight", "note",
)  # fmt: skip
PLACES = 4


def report_json(answer: Report) -> dict[str, Json]:
    """Return the report as documented JSON; fractions are exact text "numerator/denominator".

    Its last entry is the SHA-256 of all the others in canonical JSON.
    """
    result, credits_ = answer.result, answer.sheet
    base = result.parts[-1].in_force.terms.credits
    data: dict[str, Json] = {
        "schema_version": SCHEMA,
        "contract": answer.terms.id,
        "revision": answer.terms.revision,
        "customer": answer.terms.customer,
        "period": result.period.name,
        "from": result.period.first.isoformat(),
        "before": result.period.after.isoformat(),
        "complete": result.is_complete,
        "observed_at": from_epoch(answer.observed),
        "contracted_seconds": result.uptime.contracted,
        "removed_seconds": result.uptime.removed,
        "down_seconds": str(result.uptime.down),
        "availability_percent_exact": str(result.uptime.percent),
        "availability_percent": percent_text(result.uptime.percent),
        "objective_percent": str(answer.objective),
        "budget_seconds": str(result.budget),
        "met": result.is_met,
        "tier": (
            {"below_percent": str(result.tier.below), "credit_percent": str(result.tier.credit)}
            if result.tier
            else None
        ),
        "credit": (
            {"amount": str(answer.credit.amount), "currency": answer.credit.currency}
            if answer.credit
            else None
        ),
        "credit_base": base.base if base else None,
        "credit_lines": [
            {"reason": line.reason, "amount_exact": str(line.amount)}
            for line in (credits_.lines if credits_ else ())
        ],
        "claim_until": answer.claim_until.isoformat() if answer.claim_until else None,
        "chronic_failure_since": answer.chronic_since,
        "chronic_failure": _chronic(answer),
        "responses": _compliance(answer),
        "warnings": list(answer.warnings),
        "parts": [_part(part) for part in result.parts],
        "worksheet": [_step(step) for step in answer.steps],
    }
    return data | {"sha256": sha256_text(canonical_json(data))}


def _part(part: Part) -> Json:
    own = part.in_force.availability
    return {
        "revision": part.in_force.terms.revision,
        "start": from_epoch(part.in_force.span.start),
        "end": from_epoch(part.in_force.span.end),
        "unit": "requests" if own.measure.value == "request_ratio" else "seconds",
        "contracted": part.uptime.contracted,
        "removed": part.uptime.removed,
        "down": str(part.uptime.down),
        "availability_percent_exact": str(part.uptime.percent),
        "objective_percent": str(own.objective),
        "met": part.is_met,
        "down_spans": [
            {"start": from_epoch(a), "end": from_epoch(b), "seconds": b - a, "weight": str(weight)}
            for weight, spans in part.layers
            for a, b in spans
        ],
    }


def _step(step: Step) -> Json:
    return {
        "kind": step.kind,
        "start": from_epoch(step.start),
        "end": from_epoch(step.end),
        "seconds": step.end - step.start,
        "weight": str(step.weight),
        "note": step.note,
    }


def _chronic(answer: Report) -> Json:
    state = answer.chronic
    if state is None:
        return None
    return {
        "missed": list(state.misses),
        "more_to_the_right": state.more,
        "since": state.since,
        "use_until": state.use_until.isoformat() if state.use_until else None,
        "looked_back_to": state.looked_back_to,
    }


def _compliance(answer: Report) -> Json:
    kept = answer.compliance
    if kept is None:
        return None
    return {
        "due": len(kept.counted),
        "missed": len(kept.missed),
        "percent_exact": str(kept.percent),
        "target_percent": str(kept.target_percent) if kept.target_percent is not None else None,
        "met": kept.is_met,
        "events": [_judged(one) for one in kept.judged],
    }


def _judged(one: Judged) -> Json:
    event = one.event
    return {
        "ticket": event.ticket,
        "metric": event.metric,
        "severity": one.severity,
        "received_at": from_epoch(event.received),
        "due_at": from_epoch(one.due),
        "done_at": from_epoch(event.done) if event.done is not None else None,
        "kept": one.kept,
    }


def report_csv(answer: Report) -> str:
    """Return the worksheet as CSV: what was considered, and below it what counted.

    `contracted` less `removed` seconds are the denominator; the seconds of the `down` rows, each
    times its weight, are the downtime. The rows above them say where they come from.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for part in answer.result.parts:
        revision = part.in_force.terms.revision
        for row, component, start, end, weight, note in _rows(part):
            rows.writerow(
                [
                    row, revision, component, from_epoch(start), from_epoch(end), start, end,
                    end - start, weight, note,
                ]
            )  # fmt: skip
    return out.getvalue()


def _rows(part: Part) -> Iterator[tuple[str, str, int, int, Fraction, str]]:
    span = part.in_force.span
    yield "contracted", "", span.start, span.end, Fraction(1), ""
    for step in steps_of(part):
        kind = "impact" if step.component or step.kind.startswith("impact") else step.kind
        yield kind, step.component, step.start, step.end, step.weight, step.note
    for start, end in part.removed:
        yield "removed", "", start, end, Fraction(1), "left out of the denominator"
    for weight, spans in part.layers:
        for start, end in spans:
            yield "down", "", start, end, weight, ""


def percent_text(percent: Fraction) -> str:
    """Return a share in percent with four places, rounded half to even; for display only."""
    scaled = round(percent * 10**PLACES)
    return f"{scaled // 10**PLACES}.{scaled % 10**PLACES:0{PLACES}d}"
