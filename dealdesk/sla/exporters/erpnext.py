"""ERPNext: holiday lists and service level agreements by customer, as documents to import."""

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.frappe import Program, system_of
from dealdesk.sla.exporters.frappe_documents import Part
from dealdesk.sla.exporters.text_forms import one_line
from dealdesk.sla.model import SlaTerms

TARGET = "erpnext"


def _begins(terms: SlaTerms, part: Part, options: Options, name: str) -> dict[str, Json]:
    return {
        "document_type": "Issue",
        "service_level": name,
        "enabled": 1,
        "default_service_level_agreement": 0,
        "default_priority": next(iter(part.times)),
        "entity_type": "Customer",
        "entity": options.customer_id or one_line(terms.customer),
        "condition": f"doc.priority in {list(part.times)!r}",
    }


SYSTEM = system_of(
    Program(
        target=TARGET,
        title="ERPNext",
        priorities=("High", "Medium", "Low"),
        holiday_doctype="Holiday List",
        agreement_doctype="Service Level Agreement",
        begins=_begins,
        first_reply="the first reply",
        ticket="an issue",
        customer="By the customer itself.",
    )
)
