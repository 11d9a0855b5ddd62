"""Every route of the application: what it gives, and who may have it on whose deal.

The table says what is wanted, in the words of the product; it reads nothing from the code that
enforces it. A route without an entry fails, and so does an entry without its route.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.web.personas import PERSONAS

OWN_DEAL = "PLACEHOLDER-2027-001"  # Avery's, of team North
OTHER_DEAL = "NOTIONAL-2028-001"  # Blake's, of team South

ALL = frozenset(PERSONAS)
LEGAL = frozenset({"commercial_counsel", "general_counsel"})
DECIDERS = ALL - {"account_executive", "administrator", "auditor"}
SEES_ALL_DEALS = ALL - {"account_executive", "sales_manager", "administrator"}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may: on Avery's deal, and on Blake's. On things that are no deal's, the two agree."""

    own: frozenset[str]
    other: frozenset[str]
    unsigned: bool = False


def who(own: frozenset[str], other: frozenset[str] | None = None) -> Audience:
    return Audience(own, own if other is None else other)


ANYBODY = Audience(ALL, ALL, unsigned=True)
SIGNED_IN = who(ALL)
READERS = who(ALL - {"administrator"}, SEES_ALL_DEALS)
BUILDERS = who(ALL - {"administrator", "auditor"}, SEES_ALL_DEALS - {"auditor"})
SENDERS = who(
    frozenset({"account_executive", "sales_manager", "deal_desk"}) | LEGAL,
    frozenset({"deal_desk"}) | LEGAL,
)
SEALERS = who(frozenset({"deal_desk"}) | LEGAL)
REVIEWERS = who(frozenset({"deal_desk"}) | LEGAL)
STARTERS = who(frozenset({"account_executive", "sales_manager", "deal_desk"}))
WRITERS = who(
    frozenset({"account_executive", "sales_manager", "deal_desk"}) | LEGAL,
    frozenset({"deal_desk"}) | LEGAL,
)
ADMINISTRATORS = who(frozenset({"administrator"}))
AUDITORS = who(frozenset({"auditor"}))
DECIDING = who(DECIDERS)
REPORTED = who(ALL - {"administrator"})
POLICY = who(frozenset({"deal_desk", "general_counsel", "cfo"}))
SUBMITTERS = who(
    frozenset({"account_executive", "sales_manager", "deal_desk"}), frozenset({"deal_desk"})
)


@dataclass(frozen=True, slots=True)
class Route:
    """What a route gives: a page, a deal's page, a redirect, data, or a change; and to whom.

    `given` are the values of its address beside the deal's number; a callable is asked for them.
    """

    gives: str
    audience: Audience
    given: Mapping[str, object] = field(default_factory=dict)


ROUTES: dict[str, Route] = {
    "static": Route("data", ANYBODY, {"filename": "app.css"}),
    "assets.font": Route("data", ANYBODY, {"name": "Inter-Regular.ttf"}),
    "components.components": Route("page", SIGNED_IN),
    "languages.choose": Route("change", ANYBODY),
    # Signing in, one's account, people
    "sign_in.form_page": Route("page", ANYBODY),
    "sign_in.enter": Route("change", ANYBODY),
    "sign_in.enter_as": Route("absent", ANYBODY, {"number": 1}),  # in demo mode alone
    "sign_in.leave": Route("change", SIGNED_IN),
    "passwords.ask_page": Route("page", ANYBODY),
    "passwords.ask": Route("change", ANYBODY),
    "passwords.set_page": Route("absent", ANYBODY, {"token": "guessed"}),
    "passwords.set_new": Route("change", ANYBODY, {"token": "guessed"}),
    "account.show": Route("page", SIGNED_IN),
    "account.change_password": Route("change", SIGNED_IN),
    "account.end_one": Route("absent", SIGNED_IN, {"number": 999_999}),  # one's own alone
    "account.end_others": Route("change", SIGNED_IN),
    "people.list_page": Route("page", ADMINISTRATORS),
    "people.add": Route("change", ADMINISTRATORS),
    "people.show": Route("page", ADMINISTRATORS, {"number": 1}),
    "people.change_roles": Route("change", ADMINISTRATORS, {"number": 1}),
    "people.send_link": Route("change", ADMINISTRATORS, {"number": 1}),
    "people.deactivate": Route("change", ADMINISTRATORS, {"number": 1}),
    "people.activate": Route("change", ADMINISTRATORS, {"number": 1}),
    # The record of events
    "audit.log": Route("page", AUDITORS),
    "audit.export_all": Route("data", AUDITORS, {"form": "csv"}),
    "audit.activity": Route("deal page", READERS),
    "audit.export_deal": Route("data", READERS, {"form": "json"}),
    # Approvals
    "queue.list_page": Route("page", DECIDING),
    "queue.show": Route("absent", DECIDING, {"number": 999_999}),
    "queue.settle": Route("absent", DECIDING, {"number": 999_999}),
    "absences.list_page": Route("page", DECIDING),
    "absences.add": Route("change", DECIDING),
    "absences.end": Route("absent", DECIDING, {"number": 999_999}),  # one's own alone
    "approvals.submit": Route("change", SUBMITTERS),
    "approvals.withdraw": Route("change", SUBMITTERS),
    "approvals.answer": Route("absent", SUBMITTERS, {"asked": 999_999}),
    "policy.show": Route("page", POLICY),
    "policy.new_draft": Route("page", POLICY),
    "policy.add_draft": Route("change", POLICY),
    "policy.draft": Route("absent", POLICY, {"number": 999_999}),
    "policy.edit_draft": Route("absent", POLICY, {"number": 999_999}),
    "policy.change_draft": Route("absent", POLICY, {"number": 999_999}),
    "policy.publish_draft": Route(
        "absent", who(frozenset({"general_counsel", "cfo"})), {"number": 999_999}
    ),
    "policy.discard_draft": Route("absent", POLICY, {"number": 999_999}),
    # The library
    "library.families": Route("page", SIGNED_IN),
    "library.clause": Route("page", SIGNED_IN, {"clause_id": "uptime"}),
    "library.versions": Route("page", who(ALL - {"administrator"})),
    "library.withdraw": Route("absent", who(LEGAL), {"clause_id": "uptime", "number": 999_999}),
    "library_drafts.list_page": Route("page", who(LEGAL)),
    "library_new.show": Route("page", who(LEGAL)),
    "library_new.start": Route("change", who(LEGAL)),
    "library_drafts.start": Route("change", who(LEGAL), {"clause_id": "uptime"}),
    "library_drafts.show": Route("absent", who(LEGAL), {"draft": 999_999}),
    "library_drafts.change": Route("absent", who(LEGAL), {"draft": 999_999}),
    "library_drafts.submit": Route("absent", who(LEGAL), {"draft": 999_999}),
    "library_drafts.give_back": Route("absent", who(LEGAL), {"draft": 999_999}),
    "library_drafts.publish": Route("absent", who(LEGAL), {"draft": 999_999}),
    "library_drafts.discard": Route("absent", who(LEGAL), {"draft": 999_999}),
    "library_update.show": Route("page of a deal", SENDERS),
    "library_update.take": Route("change", SENDERS),
    "reports.list_page": Route("page", REPORTED),
    "reports.show": Route("page", REPORTED, {"key": "waits"}),
    "reports.table": Route("data", REPORTED, {"key": "waits"}),
    # Deals
    "home.show": Route("page", SIGNED_IN),
    "deals.list_page": Route("page", who(ALL - {"administrator"})),
    "deals.keep_view": Route("change", who(ALL - {"administrator"})),
    "deals.delete_view": Route("absent", who(ALL - {"administrator"}), {"view": 999_999}),
    "starting.choose": Route("page", STARTERS),
    "starting.scratch": Route("page", STARTERS),
    "starting.from_scratch": Route("change", STARTERS),
    "starting.copy": Route("page", STARTERS),
    "starting.from_copy": Route("change", STARTERS),
    "starting.file": Route("page", STARTERS),
    "starting.from_file": Route("change", STARTERS),
    "accounts.list_page": Route("page", STARTERS),
    "accounts.new": Route("page", STARTERS),
    "accounts.add": Route("change", STARTERS),
    "accounts.show": Route("absent", STARTERS, {"account": 999_999}),
    "accounts.change": Route("absent", STARTERS, {"account": 999_999}),
    "accounts.add_person": Route("absent", STARTERS, {"account": 999_999}),
    "accounts.person": Route("absent", STARTERS, {"account": 999_999, "contact": 1}),
    "accounts.change_person": Route("absent", STARTERS, {"account": 999_999, "contact": 1}),
    "accounts.archive_person": Route("absent", STARTERS, {"account": 999_999, "contact": 1}),
    "accounts.restore_person": Route("absent", STARTERS, {"account": 999_999, "contact": 1}),
    "order_form.edit": Route("form of a deal", WRITERS),
    "order_form.preview": Route("change", WRITERS),
    "order_form.save": Route("change", WRITERS),
    "clauses.show": Route("form of a deal", WRITERS, {"instance": "uptime"}),
    "clauses.preview": Route("change", WRITERS, {"instance": "uptime"}),
    "clauses.save": Route("change", WRITERS, {"instance": "uptime"}),
    "details.edit": Route("form of a deal", WRITERS),
    "details.save": Route("change", WRITERS),
    "details.renew": Route("change", WRITERS),
    "merging.save": Route("change", WRITERS),
    "colleagues.show": Route("form of a deal", READERS),
    "colleagues.add": Route("change", SUBMITTERS),
    "colleagues.take_back": Route("absent", SUBMITTERS, {"user": 999_999}),
    "unsaved.keep": Route("change", WRITERS),
    "unsaved.drop": Route("absent", WRITERS, {"kept": 999_999}),  # one's own alone
    "versions.list_page": Route("deal page", READERS),
    "versions.compare": Route("form of a deal", READERS),
    "deal.start": Route("redirect", READERS),
    "deal.order_form": Route("deal page", READERS),
    "deal.clauses": Route("deal page", READERS),
    "deal.agreement": Route("deal page", READERS),
    "deal.approvals": Route("deal page", READERS),
    "deal.sla": Route("deal page", READERS),
    "deal.downloads": Route("deal page", READERS),
    "deal.sla_terms": Route("data", READERS),
    "deal.download": Route("absent", READERS, {"name": "nothing.txt"}),  # until files are built
    "deal.build": Route("change", BUILDERS),
    # Send, share, seal, hand over
    "customer.show": Route("deal page", READERS),
    "customer.send": Route("change", SENDERS),
    "customer.revoke": Route("absent", SENDERS, {"link": 999_999}),
    "customer.move": Route("change", SENDERS, {"action": "lose"}),
    "customer.seal": Route("change", SEALERS),
    # Rounds of the negotiation
    "negotiation.show": Route("deal page", READERS),
    "negotiation.receive": Route("change", SENDERS),
    "negotiation.withdraw": Route("absent", SENDERS, {"round_number": 999_999}),
    "negotiation.download": Route(
        "absent", READERS, {"round_number": 999_999, "name": "received.docx"}
    ),
    "round_review.show": Route("absent", READERS, {"round_number": 999_999}),
    "round_review.decide": Route("absent", REVIEWERS, {"round_number": 999_999, "change": 1}),
    "round_review.note": Route("absent", SENDERS, {"round_number": 999_999, "change": 1}),
    "round_review.finish": Route("absent", REVIEWERS, {"round_number": 999_999}),
    "discussion.show": Route("form of a deal", READERS),
    "discussion.answer": Route("absent", SENDERS, {"link": 999_999}),
    "contract.show": Route("deal page", READERS),
    "contract.make": Route("change", READERS),
    "contract.download": Route("absent", READERS, {"name": "sla-terms.json"}),  # until it is sealed
    "share.show": Route("absent", ANYBODY, {"token": "guessed"}),
    "share.unlock": Route("absent", ANYBODY, {"token": "guessed"}),
    "share.discuss": Route("absent", ANYBODY, {"token": "guessed"}),
    "share.comment": Route("absent", ANYBODY, {"token": "guessed"}),
    "share_return.show": Route("absent", ANYBODY, {"token": "guessed"}),
    "share_return.take": Route("absent", ANYBODY, {"token": "guessed"}),
    "share.download": Route("absent", ANYBODY, {"token": "guessed", "name": "agreement.pdf"}),
    # Jobs and mail
    "jobs.list_page": Route("page", ADMINISTRATORS),
    "jobs.show": Route("absent", ADMINISTRATORS, {"number": 999_999}),
    "jobs.again": Route("absent", ADMINISTRATORS, {"number": 999_999}),
}
DEAL_PAGES = [name for name, route in ROUTES.items() if route.gives == "deal page"]
DEAL_FORMS = [name for name, route in ROUTES.items() if route.gives == "form of a deal"]
