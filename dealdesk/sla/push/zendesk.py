"""Zendesk: schedule with hours and holidays, a trigger that puts it on tickets, SLA policies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import security_severity
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.severity_map import map_severities
from dealdesk.sla.exporters.zendesk import (
    SYSTEM,
    holidays,
    intervals,
    main_policy,
    policy_calendar,
    schedule,
    security_policy,
)
from dealdesk.sla.model import SlaTerms
from dealdesk.sla.push.compare import Difference, Shape, differences
from dealdesk.sla.push.customers import Directory, customer_id
from dealdesk.sla.push.sync import Action, Change, Collection, Sync
from dealdesk.terms.calendars import Calendar

_CONDITION, _ACTION = ("field", "operator", "value"), ("field", "value")
SCHEDULES = Collection(
    "schedule", "/api/v2/business_hours/schedules", "schedule", "schedules", "name"
)
POLICIES = Collection(
    "SLA policy",
    "/api/v2/slas/policies",
    "sla_policy",
    "sla_policies",
    "title",
    Shape({"policy_metrics": ("priority", "metric"), "all": _CONDITION, "any": _CONDITION}),
)
TRIGGERS = Collection(
    "trigger",
    "/api/v2/triggers",
    "trigger",
    "triggers",
    "title",
    Shape({"actions": _ACTION, "all": _CONDITION, "any": _CONDITION}),
)
_HOURS = Shape({"intervals": ("start_time",)})
# Zendesk takes holidays so far ahead.
_AHEAD = timedelta(days=730)
_NEW = "(new)"
ORGANISATIONS = Directory(
    title="Zendesk",
    plural="organisations",
    path="/api/v2/organizations",
    search="/api/v2/organizations/search",
    asked="name",
    listed="organizations",
)


def sync_zendesk(sync: Sync, terms: SlaTerms, options: Options, today: date) -> None:
    """Bring Zendesk to what the terms say. Raise PushError."""
    priorities = map_severities(terms, SYSTEM, options)
    own = replace(options, customer_id=customer_id(sync.client, terms, options, ORGANISATIONS))
    calendar = policy_calendar(terms)
    # What a policy needs comes first: a run that stops half-way leaves no policy without its hours.
    if calendar:
        _sync_schedule(sync, terms, calendar, own, today)
    main = _ensure_policy(sync, main_policy(terms, priorities, own))
    if security_severity(terms):
        ahead = _ensure_policy(sync, security_policy(terms, own))
        _keep_order(sync, ahead, main)


def _sync_schedule(
    sync: Sync, terms: SlaTerms, calendar: Calendar, options: Options, today: date
) -> None:
    body = schedule(terms, calendar)
    kept = sync.ensure(SCHEDULES, body)
    name, path = str(body["name"]), f"{SCHEDULES.path}/{kept.id}"
    wanted: dict[str, Json] = {"intervals": intervals(calendar)}
    there = {"intervals": kept.data.get("intervals") or []}
    faults = tuple(differences(wanted, there, _HOURS))
    sync.settle(("weekly hours", name), faults, f"{path}/workweek", {"workweek": wanted})
    _sync_holidays(sync, calendar, name, path if kept.id else "", today)
    sync.ensure(TRIGGERS, _trigger(name, kept.id or _NEW, options))


def _sync_holidays(sync: Sync, calendar: Calendar, name: str, path: str, today: date) -> None:
    """Make the schedule's holidays from today on those of the contract; older ones are history."""
    first, last = today.isoformat(), (today + _AHEAD).isoformat()
    wanted = {
        str(day["start_date"]): day
        for day in holidays(calendar)
        if first <= str(day["start_date"]) <= last
    }
    kind = f"holiday of {name}"
    if not path:
        sync.changes += [Change(Action.CREATE, kind, day) for day in wanted]
        return
    collection = Collection(kind, f"{path}/holidays", "holiday", "holidays", "start_date")
    for body in wanted.values():
        sync.ensure(collection, body)
    for holiday in sync.every(collection):
        day = str(holiday.get("start_date"))
        if day >= first and day not in wanted:
            why = f"{holiday.get('name')}; the contract is open on that day."
            sync.remove(kind, day, f"{collection.path}/{holiday['id']}", why)


def _trigger(name: str, schedule_id: str, options: Options) -> dict[str, Json]:
    return {
        "title": f"{name}: schedule",
        "active": True,
        "conditions": {
            "all": [
                {"field": "organization_id", "operator": "is", "value": options.customer_id},
                {"field": "update_type", "operator": "is", "value": "Create"},
            ],
            "any": [],
        },
        "actions": [{"field": "set_schedule", "value": schedule_id}],
    }


def _ensure_policy(sync: Sync, policy: dict[str, Json]) -> Mapping[str, Any]:
    """Make or change a policy; its place in the list is set once, at the top."""
    body = {key: value for key, value in policy.items() if key != "position"}
    kept = sync.ensure(POLICIES, body, {"position": 1})
    return {**kept.data, "id": kept.id}


def _keep_order(sync: Sync, ahead: Mapping[str, Any], main: Mapping[str, Any]) -> None:
    """Put the policy for security reports above the main one: the first that fits is taken."""
    found = sorted(sync.every(POLICIES), key=lambda policy: policy.get("position") or 0)
    order = [policy["id"] for policy in found]
    places = {str(number): place for place, number in enumerate(order, 1)}
    upper, lower = places.get(str(ahead["id"])), places.get(str(main["id"]))
    if upper is None or lower is None or upper < lower:
        return
    moved = order.pop(upper - 1)
    order.insert(lower - 1, moved)
    sync.settle(
        ("SLA policy", str(ahead["title"])),
        (Difference("position", f"{lower}, above the main one", str(upper)),),
        f"{POLICIES.path}/reorder",
        {"sla_policy_ids": order},
    )
