"""Change a deal: one verb for each intent, each a new version, none over somebody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dealdesk.agreements.model import Origin
from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import get_latest_version
from dealdesk.audit.operations import record
from dealdesk.clauses.model import Library
from dealdesk.deals import editing
from dealdesk.deals.change_words import change_sentence
from dealdesk.deals.editing import DealData, Edit, credited, data_of
from dealdesk.deals.merging import Found, Merge, Path, changes, merge, value_at, with_value
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.queries import WRITE, find_revision, get_deal, list_revisions
from dealdesk.kernel.errors import ConflictError, DomainError, Problem, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import Data
from dealdesk.negotiation.queries import find_open_round
from dealdesk.workflows.approval_changes import follow_change
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_rulebook import rules_in_force
from dealdesk.workflows.recording import quote_data, record_deal_version
from dealdesk.workflows.stored_deals import (
    StoredDeal,
    load_stored_deal,
)

# What a merge may set: never owner, authors, decisions or number.
_MERGEABLE = frozenset({("title",), ("customer",), ("order",), ("facts",), ("clauses",)})
# Rates that decide who is asked come with a deal's file, where they show, and from no page.
_RATES = ("order", "fx")
OPEN_STAGES = frozenset({Stage.DRAFT.value, Stage.NEGOTIATION.value})


@dataclass(frozen=True, slots=True)
class Target:
    """Which deal is changed, on the sight of which version."""

    number: str
    seen_version: int


class StaleDealError(ConflictError):
    """Somebody changed the deal meanwhile; carries both sides' changes since a common `base`."""

    def __init__(self, found: Merge, *, base: int, version: int, by: str, at: datetime) -> None:
        self.merge, self.base, self.version, self.by, self.at = found, base, version, by, at
        message = f"{by} recorded version {version} while you were changing the deal."
        remedy = "Look at both, then keep what is right."
        super().__init__([Problem("deal-changed", message, remedy=remedy)])


def order_edit(
    lines: Sequence[Mapping[str, Data]],
    terms: Mapping[str, Data],
    affiliates: Sequence[Mapping[str, Data]] | None = None,
) -> Edit:
    """Return the edit that sets lines and terms, and the affiliates' too where they are given."""

    def edit(data: DealData) -> DealData:
        changed = editing.set_lines(editing.set_terms(data, terms), lines)
        return changed if affiliates is None else editing.set_affiliates(changed, affiliates)

    return edit


def save_details(
    act: Act,
    target: Target,
    title: str,
    customer: Mapping[str, Data],
    facts: Mapping[str, Data],
) -> StoredDeal:
    """Record title, customer and facts of the deal; StaleDealError as for an order."""

    def edit(data: DealData) -> DealData:
        named = editing.set_party(editing.set_title(data, title), "customer", customer)
        return editing.set_facts(named, facts)

    return save_edit(act, target, edit, "deals:details:saved")


def save_clauses(act: Act, target: Target) -> StoredDeal:
    """Record the deal unchanged on the clauses in force; StaleDealError where the deal moved on."""
    session = act.session
    row = get_deal(session, target.number, actor=act.actor, needs=WRITE)
    session.refresh(row, with_for_update=True)
    latest = get_latest_version(session, row.id)
    _refuse_closed(act, row, latest)
    if latest.number != target.seen_version:
        raise _stale(act, row, latest, target, lambda data: data)
    data, words = data_of(row.deal_file), "Took the clauses in force."
    was = _as_it_was(act, row)
    stored = record_deal_version(act, row, data, words, latest, takes_new_clauses=True)
    facts: dict[str, Json] = {"version": stored.version_row.number}
    record(session, act.actor, row.id, "deals:clauses:updated", facts, now=act.now)
    if was is not None:
        follow_change(act, was, stored)
    return stored


def save_values(act: Act, target: Target, values: Mapping[Path, Found]) -> StoredDeal:
    """Record single values at their paths, as a merge of two people's changes leaves them.

    Raise RefusedError for a value that is not for people to set.
    """
    if any(path[:1] not in _MERGEABLE for path in values):
        raise _not_to_merge()

    def edit(data: DealData) -> DealData:
        changed = _with_values(data, values)
        if value_at(changed, _RATES) != value_at(data, _RATES):
            raise _not_to_merge()
        return changed

    return save_edit(act, target, edit, "deals:deal:merged")


def both_sides(act: Act, target: Target, values: Mapping[Path, Found]) -> StaleDealError:
    """Return both sides' changes once more: values at their paths, and what others recorded.

    `target` names the version from which the values were changed.
    """
    row = get_deal(act.session, target.number, actor=act.actor, needs=WRITE)
    latest = get_latest_version(act.session, row.id)
    return _stale(act, row, latest, target, lambda data: _with_values(data, values))


def _with_values(data: DealData, values: Mapping[Path, Found]) -> DealData:
    for path, value in values.items():
        data = with_value(data, path, value)
    return data


def _not_to_merge() -> RefusedError:
    return RefusedError.of("not-to-merge", "That is not a value of the deal to be changed here.")


def save_edit(act: Act, target: Target, edit: Edit, event: str) -> StoredDeal:
    """Record what an edit makes of the deal, unless it changes nothing, and return the deal.

    Raise StaleDealError where the deal moved on and does not have the same change already,
    RefusedError where it may no longer be changed, DomainError with every fault at its path.
    """
    session, rules = act.session, act.rules
    row = get_deal(session, target.number, actor=act.actor, needs=WRITE)
    # Two processes at once: the second waits here, then sees what the first one recorded.
    session.refresh(row, with_for_update=True)
    latest = get_latest_version(session, row.id)
    _refuse_closed(act, row, latest)
    before = data_of(row.deal_file)
    after = credited(before, edit(before), act.actor.name)
    if after == before:
        return load_stored_deal(session, row, rules, act.now)
    if latest.number != target.seen_version:
        raise _stale(act, row, latest, target, edit)
    words = change_sentence(changes(before, after), clause_titles(rules.library))
    was = _as_it_was(act, row)
    stored = record_deal_version(act, row, after, words, latest)
    facts: dict[str, Json] = {"version": stored.version_row.number}
    record(session, act.actor, row.id, event, facts, now=act.now)
    if was is not None:
        follow_change(act, was, stored)
    return stored


def _as_it_was(act: Act, row: DealRow) -> StoredDeal | None:
    """Return the deal before the change, None where today's library can't read it."""
    try:
        return load_stored_deal(act.session, row, act.rules, act.now)
    except DomainError:
        return None


def take_up_library(act: Act, target: Target) -> StoredDeal:
    """Record what a deal states as a new version with today's library, where that changes it.

    Raise StaleDealError where the deal moved on, RefusedError where it may no longer be changed,
    DomainError where its choices don't fit the library any more.
    """
    row = get_deal(act.session, target.number, actor=act.actor, needs=WRITE)
    act.session.refresh(row, with_for_update=True)
    latest = get_latest_version(act.session, row.id)
    _refuse_closed(act, row, latest)
    data = data_of(row.deal_file)
    found = quote_data(data, rules_in_force(act.session, act.rules, act.now))
    hashes = (found.version.hashes.inputs, found.version.hashes.text)
    if hashes == (latest.inputs_sha256, latest.text_sha256):
        return load_stored_deal(act.session, row, act.rules, act.now)
    if latest.number != target.seen_version:
        raise _stale(act, row, latest, target, lambda data: data)
    was = _as_it_was(act, row)
    words = "Taken up with the library as it is today"
    stored = record_deal_version(act, row, data, words, latest, takes_new_clauses=True)
    facts: dict[str, Json] = {"version": stored.version_row.number}
    record(act.session, act.actor, row.id, "deals:deal:renewed", facts, now=act.now)
    if was is not None:
        follow_change(act, was, stored)
    return stored


def is_open_to_edits(row: DealRow, latest: AgreementVersionRow) -> bool:
    """Tell whether the deal may still be changed in the workbench."""
    return row.stage in OPEN_STAGES and latest.origin == Origin.DRAFT.value


def _refuse_closed(act: Act, row: DealRow, latest: AgreementVersionRow) -> None:
    if is_open_to_edits(row, latest):
        if find_open_round(act.session, row.id) is None:
            return
        raise RefusedError.of(
            "round-open",
            f"The customer's changes in version {latest.number} are not answered yet.",
            remedy="Answer their round under Negotiation, or set it aside, then change the deal.",
        )
    if row.stage in OPEN_STAGES:
        raise RefusedError.of(
            "under-negotiation",
            f"Version {latest.number} holds what the customer's counsel and we changed.",
            remedy="Change it as part of the negotiation, so that they see it as our change.",
        )
    raise RefusedError.of(
        "deal-closed",
        f"{row.number} is at the stage “{row.stage}” and is not changed any more.",
        remedy="Copy it to a new deal, or amend the contract.",
    )


def _stale(
    act: Act, row: DealRow, latest: AgreementVersionRow, target: Target, edit: Edit
) -> StaleDealError:
    theirs = data_of(row.deal_file)
    seen = find_revision(act.session, row.id, target.seen_version)
    base = data_of(seen.deal_file) if seen else theirs
    last = next(iter(list_revisions(act.session, row.id)), None)
    by, at = (last.by, last.at) if last else ("Somebody", latest.created_at)
    # Who wrote which own words is not theirs to choose: the edit that is saved in the end says it.
    found = merge(base, theirs, edit(base))
    return StaleDealError(found, base=target.seen_version, version=latest.number, by=by, at=at)


def clause_titles(library: Library) -> Mapping[str, str]:
    """Return the clauses' titles by the instances of every agreement."""
    return {
        slot.instance: library.clauses[slot.clause].title
        for template in library.agreements.values()
        for part in template.parts
        for slot in part.slots
        if slot.clause in library.clauses
    }
