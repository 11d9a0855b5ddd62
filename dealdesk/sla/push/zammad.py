"""Zammad: calendars, and an SLA for each priority, in the order of names."""

from dataclasses import replace
from datetime import date

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.severity_map import map_severities
from dealdesk.sla.exporters.zammad import SYSTEM, calendar_bodies, policies, sla_body
from dealdesk.sla.model import SlaTerms
from dealdesk.sla.push.compare import Shape
from dealdesk.sla.push.customers import Directory, customer_id
from dealdesk.sla.push.sync import Collection, Sync

CALENDARS = Collection(
    "calendar",
    "/api/v1/calendars",
    "",
    "",
    "name",
    Shape(whole=frozenset({"public_holidays"})),
)
SLAS = Collection("SLA", "/api/v1/slas", "", "", "name", Shape(whole=frozenset({"condition"})))
ORGANISATIONS = Directory(
    title="Zammad",
    plural="organisations",
    path="/api/v1/organizations",
    search="/api/v1/organizations/search",
    asked="query",
    listed="",
    more={"limit": 100},
)


def sync_zammad(sync: Sync, terms: SlaTerms, options: Options, today: date) -> None:
    """Bring Zammad to what the terms say. Raise PushError."""
    del today
    priorities = map_severities(terms, SYSTEM, options)
    own = replace(options, customer_id=customer_id(sync.client, terms, options, ORGANISATIONS))
    found = list(policies(terms, priorities, own))
    calendar_ids = {}
    for body in calendar_bodies(terms, found).values():
        wanted = {key: value for key, value in body.items() if key != "default"}
        kept = sync.ensure(CALENDARS, wanted, {"default": False})
        calendar_ids[str(body["name"])] = kept.id
    names = set()
    for number, policy in enumerate(found):
        body = sla_body(terms, number, policy)
        calendar = calendar_ids[str(body.pop("calendar"))]
        wanted_id: Json = int(calendar) if calendar.isdecimal() else "(new)"
        sync.ensure(SLAS, {**body, "calendar_id": wanted_id})
        names.add(str(body["name"]))
    for sla in sync.every(SLAS):
        name = str(sla.get("name"))
        if name.startswith(f"{terms.id} ") and name not in names:
            sync.remove("SLA", name, f"{SLAS.path}/{sla['id']}", "The contract has no such SLA.")
