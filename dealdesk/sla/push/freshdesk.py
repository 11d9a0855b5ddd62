"""Freshdesk: one SLA policy for the company; hours belong to groups and have no request."""

from dataclasses import replace
from datetime import date

from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.freshdesk import SYSTEM, policy_body
from dealdesk.sla.exporters.severity_map import map_severities
from dealdesk.sla.model import SlaTerms
from dealdesk.sla.push.compare import Shape
from dealdesk.sla.push.customers import Directory, customer_id
from dealdesk.sla.push.sync import Collection, Sync

POLICIES = Collection(
    "SLA policy",
    "/api/v2/sla_policies",
    "",
    "",
    "name",
    Shape(whole=frozenset({"applicable_to"})),
    page_size=100,
)
COMPANIES = Directory(
    title="Freshdesk",
    plural="companies",
    path="/api/v2/companies",
    search="/api/v2/companies/autocomplete",
    asked="name",
    listed="companies",
)


def sync_freshdesk(sync: Sync, terms: SlaTerms, options: Options, today: date) -> None:
    """Bring Freshdesk to what the terms say. Raise PushError."""
    del today
    priorities = map_severities(terms, SYSTEM, options)
    own = replace(options, customer_id=customer_id(sync.client, terms, options, COMPANIES))
    sync.ensure(POLICIES, policy_body(terms, priorities, own))
