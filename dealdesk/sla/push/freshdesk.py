"""Freshdesk: one SLA policy for the company; hours belong to groups and have no request."""

from dataclasses import replace
from datetime import date

from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.freshdesk import SYSTEM, policy_body
from dealdesk.sla.exporters.severity_map import map_severities
from dealdesk.sla.exporters.text_forms import one_line
from dealdesk.sla.model import SlaTerms
from dealdesk.sla.push.client import Client, PushError
from dealdesk.sla.push.compare import Shape
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


def sync_freshdesk(sync: Sync, terms: SlaTerms, options: Options, today: date) -> None:
    """Bring Freshdesk to what the terms say. Raise PushError."""
    del today
    priorities = map_severities(terms, SYSTEM, options)
    own = replace(options, customer_id=company_id(sync.client, terms, options))
    sync.ensure(POLICIES, policy_body(terms, priorities, own))


def company_id(client: Client, terms: SlaTerms, options: Options) -> str:
    """Return the customer's company: by its id, else the one of exactly that name."""
    if options.customer_id:
        client.get(f"/api/v2/companies/{options.customer_id}")
        return options.customer_id
    name = one_line(terms.customer)
    answer = client.get("/api/v2/companies/autocomplete", {"name": name})
    rows = answer.get("companies", []) if isinstance(answer, dict) else []
    found = [row for row in rows if row.get("name") == name]
    if len(found) != 1:
        raise PushError.of(
            "no-customer",
            f"Freshdesk has {len(found)} companies named {name}.",
            remedy="Make it there, or give --customer-id.",
        )
    return str(found[0]["id"])
