"""What a change that is not saved yet comes to: figures, approvals, the customer's view."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from dealdesk.clauses.model import Library
from dealdesk.documents.html import page_of, section_html
from dealdesk.documents.tree import SectionKind
from dealdesk.web.decisions import RoleCard, role_cards
from dealdesk.web.standing import Status, status_of
from dealdesk.workflows.findings import order_findings
from dealdesk.workflows.quoting import Quote

_REFERENCE = re.compile(r'<a href="#[^"]*">(.*?)</a>')


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One finding as a page shows it beside what is typed; `instance` is the clause it is about."""

    level: str
    sentence: str
    instance: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a quote comes to beside what is typed; `new_roles` are asked by the change alone."""

    quote: Quote
    status: Status
    roles: tuple[RoleCard, ...]
    new_roles: frozenset[str]
    gone_roles: tuple[str, ...]
    blocks: tuple[str, ...]


def consequences(after: Quote, before: Quote) -> Consequences:
    """Return what a change comes to, against how the deal stands without it."""
    was = {one.role: one.title for one in before.standing.open}
    now = {one.role: one.title for one in after.standing.open}
    return Consequences(
        quote=after,
        status=status_of(after),
        roles=tuple(role_cards(after)),
        new_roles=frozenset(title for role, title in now.items() if role not in was),
        gone_roles=tuple(title for role, title in was.items() if role not in now),
        blocks=tuple(one.reason.message for one in after.standing.blocked),
    )


def order_lint(after: Quote, before: Quote, library: Library) -> tuple[FoundLine, ...]:
    """Return what linters find about an order that is typed, what it brings marked as new."""
    version = after.version
    instances = {choice.instance_id for choice in version.inputs.choices}
    return tuple(
        FoundLine(
            one.level,
            f"{one.problem.message} {one.problem.remedy}".strip(),
            one.problem.place.path if one.problem.place.path in instances else "",
            one not in before.findings,
        )
        for one in order_findings(version, library, after.policy, before.findings)
    )


def customers_view(quote: Quote) -> Markup:
    """Return the order form as the customer will read it; what it refers to stands elsewhere."""
    paper = page_of(quote.version.tree)
    shown = "\n".join(
        section_html(section, paper)
        for section in quote.version.tree.sections
        if section.kind is SectionKind.ORDER_FORM
    )
    return Markup(_REFERENCE.sub(r"\1", shown))  # noqa: S704 - it is our own HTML with less in it
