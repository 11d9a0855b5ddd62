"""Edits of a deal as tests name them, each by the one operation that the pages use."""

from collections.abc import Mapping, Sequence
from functools import partial

from dealdesk.deals import editing
from dealdesk.kernel.located_yaml import Data
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_edits import Target, order_edit, save_edit
from dealdesk.workflows.stored_deals import StoredDeal


def save_order(
    act: Act,
    target: Target,
    lines: Sequence[Mapping[str, Data]],
    terms: Mapping[str, Data],
    affiliates: Sequence[Mapping[str, Data]] | None = None,
) -> StoredDeal:
    """Record other lines and terms of the order; StaleDealError where the deal moved on.

    Without `affiliates`, they keep theirs.
    """
    return save_edit(act, target, order_edit(lines, terms, affiliates), "deals:order:saved")


def choose_position(
    act: Act,
    target: Target,
    instance: str,
    position: str,
    values: Mapping[str, Data],
) -> StoredDeal:
    """Record another position or other values of a clause; StaleDealError as for an order."""
    edit = partial(editing.choose_position, instance=instance, position=position, values=values)
    return save_edit(act, target, edit, "deals:clause:chosen")


def write_free_text(
    act: Act, target: Target, instance: str, text: str, unstated: Sequence[str] = ()
) -> StoredDeal:
    """Record own words in place of a clause's; the actor is their author and can't decide on them.

    `unstated` names the values that nothing states any more. Raise StaleDealError as for an order.
    """
    edit = partial(editing.write_free_text, instance=instance, text=text, unstated=unstated)
    return save_edit(act, target, edit, "deals:clause:rewritten")


def drop_free_text(act: Act, target: Target, instance: str) -> StoredDeal:
    """Record the position's own words again in place of free text."""
    edit = partial(editing.drop_free_text, instance=instance)
    return save_edit(act, target, edit, "deals:clause:chosen")


def leave_out_clause(act: Act, target: Target, instance: str) -> StoredDeal:
    """Record that an optional clause stays out."""
    edit = partial(editing.leave_out, instance=instance)
    return save_edit(act, target, edit, "deals:clause:left-out")
