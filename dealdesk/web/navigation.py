"""The main navigation: what a person may open, in the order of a day's work."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, request, url_for

from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.languages import gettext
from dealdesk.web.visitors import can


@dataclass(frozen=True, slots=True)
class Door:
    """A link of the main navigation; `prefixes` are the blueprints behind it."""

    endpoint: str
    words: str
    permission: str
    prefixes: tuple[str, ...]


# A new page family adds its line here.
DOORS = (
    Door(
        "deals.list_page",
        gettext_noop("Deals"),
        "deals:deal:read",
        (
            "deals",
            "deal",
            "starting",
            "order_form",
            "clauses",
            "versions",
            "merging",
            "approvals",
            "customer",
            "negotiation",
            "round_review",
            "contract",
        ),
    ),
    Door(
        "queue.list_page", gettext_noop("Queue"), "approvals:decision:record", ("queue", "absences")
    ),
    Door("accounts.list_page", gettext_noop("Accounts"), "deals:deal:create", ("accounts",)),
    Door("reports.list_page", gettext_noop("Reports"), "reports:report:read", ("reports",)),
    Door("policy.show", gettext_noop("Policy"), "approvals:policy:change", ("policy",)),
    Door("library.families", gettext_noop("Library"), "clauses:library:read", ("library",)),
    Door("audit.log", gettext_noop("Audit"), "audit:event:read", ("audit",)),
    Door("jobs.list_page", gettext_noop("Jobs and mail"), "outbox:job:read", ("jobs",)),
    Door("people.list_page", gettext_noop("People"), "identity:user:manage", ("people",)),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A door as the page shows it."""

    address: str
    words: str
    is_here: bool


def navigation() -> Iterator[Link]:
    """Yield the links that the person who asks may follow."""
    here = (request.endpoint or "").partition(".")[0]
    for door in DOORS:
        if can(door.permission):
            yield Link(url_for(door.endpoint), gettext(door.words), here in door.prefixes)


def teach_navigation(app: Flask) -> None:
    """Give templates the navigation."""
    app.add_template_global(navigation, "navigation")
