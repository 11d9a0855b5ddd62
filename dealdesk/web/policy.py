"""The approval policy: what is in force, its history, changes that a second person publishes."""

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, request, url_for

from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_models import PolicyDraftRow
from dealdesk.approvals.policy_versions import (
    discard,
    get_draft,
    list_drafts,
    list_policy_versions,
    next_text,
    publish,
    readable,
    save_draft,
)
from dealdesk.deals.listing import DealQuery, top_lines
from dealdesk.identity.queries import list_people
from dealdesk.kernel.errors import Problem
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.steps import refused, rules_now, sent_number
from dealdesk.web.visitors import can, current_actor
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.policy_effects import MOST_DEALS, DealEffect, changed_lines, deal_effects
from dealdesk.workflows.stored_deals import list_stored_deals
from dealdesk.workflows.summary_jobs import promise_refresh

blueprint = Blueprint("policy", __name__, url_prefix="/policy")
CHANGE = "approvals:policy:change"
PUBLISH = "approvals:policy:publish"


@blueprint.get("")
@requires(CHANGE)
def show() -> str:
    """Show the policy in force, drafts of changes, and every version that was in force."""
    rules = rules_now()
    return page(
        "policy/show.html",
        gettext("Approval policy"),
        policy=rules.policy,
        text=rules.policy_text,
        drafts=list_drafts(session()),
        versions=list_policy_versions(session()),
        names=_names(),
    )


@blueprint.get("/drafts/new")
@requires(CHANGE)
def new_draft() -> str:
    """Show the policy in force to be changed, under its next version."""
    rules = rules_now()
    taken = [row.key for row in list_policy_versions(session())]
    return _edit_page(None, next_text(rules.policy_text, taken), "")


@blueprint.post("/drafts")
@requires(CHANGE)
@transactional
def add_draft() -> Response | tuple[str, int]:
    """Keep a change of the policy as a draft."""
    return _save(None)


@blueprint.get("/drafts/<int:number>")
@requires(CHANGE)
def draft(number: int) -> str:
    """Show a draft: its reason, what it changes, and whom deals under way would need."""
    return _draft_page(get_draft(session(), number))


@blueprint.get("/drafts/<int:number>/text")
@requires(CHANGE)
def edit_draft(number: int) -> str:
    """Show a draft of one's own to be changed."""
    row = get_draft(session(), number, writes=True)
    return _edit_page(row, row.text, row.reason)


@blueprint.post("/drafts/<int:number>/text")
@requires(CHANGE)
@transactional
def change_draft(number: int) -> Response | tuple[str, int]:
    """Keep other words of a draft of one's own."""
    return _save(get_draft(session(), number, writes=True))


@blueprint.post("/drafts/<int:number>/publication")
@requires(PUBLISH)
@transactional
def publish_draft(number: int) -> Response | tuple[str, int]:
    """Put another person's draft in force for whatever is submitted from now on."""
    row, now = get_draft(session(), number, writes=True), desk().clock.now()
    seen = sent_number("revision")

    def work() -> None:
        in_force = rules_now().policy.key
        put = publish(session(), current_actor(), row, in_force=in_force, seen=seen, now=now)
        promise_refresh(session(), f"policy:{put.id}", now)

    problems, status = refused(work)
    if problems:
        return _draft_page(get_draft(session(), number), problems), status
    return _to("policy.show")


@blueprint.post("/drafts/<int:number>/discarding")
@requires(CHANGE)
@transactional
def discard_draft(number: int) -> Response | tuple[str, int]:
    """Discard a draft."""
    row = get_draft(session(), number, writes=True)
    problems, status = refused(lambda: discard(session(), current_actor(), row, desk().clock.now()))
    if problems:
        return _draft_page(get_draft(session(), number), problems), status
    return _to("policy.show")


def _save(row: PolicyDraftRow | None) -> Response | tuple[str, int]:
    # Browsers send line ends as CR LF; the text is kept as files are.
    text = request.form.get("text", "").replace("\r\n", "\n")
    reason = request.form.get("reason", "")
    kept: list[int] = []

    def work() -> None:
        rules = rules_now()
        base = row.base_key if row is not None else rules.policy.key
        kept.append(
            save_draft(
                session(),
                current_actor(),
                row,
                base_key=base,
                text=text,
                reason=reason,
                now=desk().clock.now(),
            ).id
        )

    problems, status = refused(work)
    if problems:
        return _edit_page(row, text, reason, problems), status
    return _to("policy.draft", number=kept[0])


def _names() -> dict[int | None, str]:
    return {person.id: person.name for person in list_people(session())}


def _to(endpoint: str, **given: int) -> Response:
    return make_response(redirect(url_for(endpoint, number=given.get("number")), 303))


def _edit_page(
    row: PolicyDraftRow | None, text: str, reason: str, problems: Sequence[Problem] = ()
) -> str:
    return page(
        "policy/edit.html",
        gettext("Change the policy"),
        row=row,
        text=text,
        reason=reason,
        problems=problems,
        places=[str(one.place) for one in problems],
    )


def _draft_page(row: PolicyDraftRow, problems: Sequence[Problem] = ()) -> str:
    rules, actor = rules_now(), current_actor()
    return page(
        "policy/draft.html",
        gettext("Draft %(number)d of the policy", number=row.id),
        row=row,
        lines=list(changed_lines(rules.policy_text, row.text)),
        effects=_effects(readable(row.text), rules),
        names=_names(),
        in_force=rules.policy.key,
        is_own=row.author_id == actor.id,
        may_publish=can(PUBLISH) and row.author_id != actor.id,
        problems=problems,
    )


def _effects(policy: Policy, rules: Rules) -> Sequence[DealEffect]:
    actor, now = current_actor(), desk().clock.now()
    lines = top_lines(session(), DealQuery(), MOST_DEALS, actor=actor)
    numbers = [line.number for line in lines]
    deals = list_stored_deals(session(), rules, actor=actor, numbers=numbers, now=now)
    return list(deal_effects(deals, policy, rules))
