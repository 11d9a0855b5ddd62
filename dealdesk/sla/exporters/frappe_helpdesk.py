"""Frappe Helpdesk: holiday lists and service level agreements as documents to import."""

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.frappe import Program, system_of
from dealdesk.sla.exporters.frappe_documents import Part
from dealdesk.sla.exporters.text_forms import one_line
from dealdesk.sla.model import SlaTerms

TARGET = "frappe-helpdesk"


def _begins(terms: SlaTerms, part: Part, options: Options, name: str) -> dict[str, Json]:
    return {
        "service_level": name,
        "description": f"SLA terms {terms.id}, revision {terms.revision}, "
        f"text SHA-256 {terms.text_sha256}",
        "enabled": 1,
        "default_sla": 0,
        "condition": condition(options.customer_id or one_line(terms.customer), part),
    }


def condition(customer: str, part: Part) -> str:
    """Return the Python expression that picks the tickets; names are ASCII literals.

    The names come from a contract: `ascii` quotes them so that none can end its literal.
    """
    return f"doc.customer == {customer!a} and doc.priority in {list(part.times)!r}"


SYSTEM = system_of(
    Program(
        target=TARGET,
        title="Frappe Helpdesk",
        priorities=("Urgent", "High", "Medium", "Low"),
        holiday_doctype="HD Service Holiday List",
        agreement_doctype="HD Service Level Agreement",
        begins=_begins,
        first_reply="an agent's first reply",
        ticket="a ticket",
        customer="By the customer's name.",
    )
)
