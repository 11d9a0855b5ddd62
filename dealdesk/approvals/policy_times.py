"""Read the part of a policy about time: business hours, limits by role, who stands in for whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from dealdesk.approvals.policy import OFFICE, USUAL_LIMIT, TimeLimit
from dealdesk.clauses.scalars import read_calendar
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.fields import Fields
from dealdesk.terms.calendars import Calendar

LIMIT_KEYS = ("hours", "escalate_after", "escalate_to")
USUAL = "usual"
LONGEST_HOURS = 2000


@dataclass(frozen=True, slots=True)
class Times:
    """What a policy says about time, as read."""

    calendar: Calendar
    usual: TimeLimit
    limits: Mapping[str, TimeLimit]
    stand_ins: Mapping[str, tuple[str, ...]]


def read_times(root: Fields, roles: Mapping[str, str]) -> Times:
    """Return calendar, limits and stand-ins; what is wrong with them is noted on `root`."""
    limits = {
        role: _limit(item, role, roles, root) for role, item in root.entries("limits", LIMIT_KEYS)
    }
    usual = limits.pop(USUAL, USUAL_LIMIT)
    return Times(_calendar(root), usual, limits, _stand_ins(root, roles))


def _calendar(root: Fields) -> Calendar:
    if not root.has("calendar"):
        return OFFICE
    try:
        return read_calendar(root.plain("calendar"))
    except DomainError as error:
        for problem in error.problems:
            root.note(problem.code, "calendar", problem.message, problem.remedy)
        return OFFICE


def _limit(item: Fields, role: str, roles: Mapping[str, str], root: Fields) -> TimeLimit:
    if role != USUAL:
        _note_unknown(root, "limits", role, roles)
    above = item.texts("escalate_to")
    for one in above:
        _note_unknown(item, "escalate_to", one, roles)
        if one == role:
            item.note("escalates-to-itself", "escalate_to", f"“{role}” escalates to itself.")
    return TimeLimit(
        hours=item.integer("hours", low=1, high=LONGEST_HOURS),
        escalate_hours=item.integer(
            "escalate_after", default=USUAL_LIMIT.escalate_hours, low=1, high=LONGEST_HOURS
        ),
        escalate_to=above,
    )


def _stand_ins(root: Fields, roles: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for role, given in root.plain("stand_ins").items():
        _note_unknown(root, "stand_ins", role, roles)
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            root.note("wrong-type", "stand_ins", f"“{role}” has to name a list of roles.")
            continue
        found[role] = tuple(str(one) for one in given)
        for one in found[role]:
            _note_unknown(root, "stand_ins", one, roles)
    return found


def _note_unknown(fields: Fields, key: str, role: str, roles: Mapping[str, str]) -> None:
    if role not in roles:
        known = ", ".join(roles)
        fields.note("unknown-role", key, f"There is no role “{role}”.", f"Use one of {known}.")
