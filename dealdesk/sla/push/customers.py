"""Find the customer in a support system: by the id that is given, else by exactly its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.text_forms import one_line
from dealdesk.sla.model import SlaTerms
from dealdesk.sla.push.client import Client, PushError


@dataclass(frozen=True, slots=True)
class Directory:
    """Where a system keeps its customers, and how they are searched for.

    `asked` is the parameter that takes the name, beside `more`; `listed` the key under which the
    answer lists what was found, "" where the answer is the list.
    """

    title: str
    plural: str
    path: str
    search: str
    asked: str
    listed: str
    more: Mapping[str, str | int] = field(default_factory=dict)


def customer_id(client: Client, terms: SlaTerms, options: Options, directory: Directory) -> str:
    """Return the customer's id. Raise PushError where there is none, or several of that name."""
    if options.customer_id:
        client.get(f"{directory.path}/{options.customer_id}")
        return options.customer_id
    name = one_line(terms.customer)
    answer = client.get(directory.search, {directory.asked: name, **directory.more})
    if directory.listed:
        answer = answer.get(directory.listed) if isinstance(answer, dict) else []
    rows = answer if isinstance(answer, list) else []
    found = [row for row in rows if row.get("name") == name]
    if len(found) != 1:
        raise PushError.of(
            "no-customer",
            f"{directory.title} has {len(found)} {directory.plural} named {name}.",
            remedy="Make it there, or give --customer-id.",
        )
    return str(found[0]["id"])
