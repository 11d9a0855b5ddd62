"""An availability report for people, as rows and a worksheet."""

from dealdesk.availability.history_file import from_epoch
from dealdesk.availability.measuring import Part
from dealdesk.availability.report import Report
from dealdesk.availability.worksheet import percent_text
from dealdesk.cli.edge import columns
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import LOCALES


def report_text(answer: Report) -> str:
    """Return the report for people."""
    result = answer.result
    rows = [
        ["Contracted", f"{result.uptime.contracted:,} s"],
        ["Removed", f"{result.uptime.removed:,} s"],
        ["Down", f"{result.uptime.down} s"],
        ["Allowed", f"{result.budget} s"],
        ["Availability", f"{percent_text(result.uptime.percent)} % ({result.uptime.percent})"],
        ["Objective", f"{answer.objective} %, {'met' if result.is_met else 'missed'}"],
        *(["Note", warning] for warning in answer.warnings),
        *_credit_rows(answer),
        *_response_rows(answer),
        *_chronic_rows(answer),
    ]
    steps = [
        [
            step.kind, from_epoch(step.start), from_epoch(step.end), str(step.end - step.start),
            str(step.weight), step.note,
        ]
        for step in answer.steps
    ]  # fmt: skip
    head = columns([answer.terms.id, result.period.name], rows)
    if not steps:
        return head
    sheet = columns(["Span", "From", "Until", "Seconds", "Weight", "Note"], steps)
    return f"{head}\n\n{sheet}"


def _part_row(part: Part) -> list[str]:
    share, wanted = percent_text(part.uptime.percent), part.in_force.availability.objective
    return [
        f"Revision {part.in_force.terms.revision}",
        f"from {from_epoch(part.in_force.span.start)}: {share} % of {wanted} %, "
        + ("met" if part.is_met else "missed"),
    ]


def _credit_rows(answer: Report) -> list[list[str]]:
    rows = []
    if len(answer.result.parts) > 1:
        rows += [_part_row(part) for part in answer.result.parts]
    if answer.result.tier:
        tier = answer.result.tier
        rows.append(["Tier", f"below {tier.below} %: {tier.credit} %"])
    rows += [["Credit for", line.reason] for line in (answer.sheet.lines if answer.sheet else ())]
    if answer.credit:
        rows.append(["Credit", format_money(answer.credit, LOCALES["en"])])
    if answer.claim_until:
        rows.append(["Claim until", answer.claim_until.isoformat()])
    return rows


def _response_rows(answer: Report) -> list[list[str]]:
    kept = answer.compliance
    if kept is None:
        return []
    late = ", ".join(one.event.ticket for one in kept.missed)
    words = f"{len(kept.counted) - len(kept.missed)} of {len(kept.counted)} in time"
    share = f"{percent_text(kept.percent)} %, {'met' if kept.is_met else 'missed'}"
    return [["Responses", f"{words} ({share})"], *([["Late", late]] if late else [])]


def _chronic_rows(answer: Report) -> list[list[str]]:
    state = answer.chronic
    if state is None:
        return [["Chronic failure", "no right is agreed"]]
    if state.since:
        until = f", to be used until {state.use_until}" if state.use_until else ""
        return [["Chronic failure", f"since the end of {state.since}{until}"]]
    missed = ", ".join(state.misses) or "none"
    return [["Chronic failure", f"no; missed: {missed}; {state.more} more would give the right"]]
