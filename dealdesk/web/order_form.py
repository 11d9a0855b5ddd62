"""The order form as a grid that recomputes as one types, and is whole without any script."""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.approvals.queries import list_decisions
from dealdesk.deals.editing import DealData, data_of
from dealdesk.deals.grid import GridRow, pasted_rows
from dealdesk.deals.queries import WRITE
from dealdesk.deals.unsaved import Unsaved
from dealdesk.kernel.errors import DomainError
from dealdesk.terms.money import CURRENCIES
from dealdesk.web.access import requires
from dealdesk.web.consequences import Consequences, consequences, customers_view, order_lint
from dealdesk.web.deal import closed_page, deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.grid_form import OrderForm, sent_form, stored_form, years_of
from dealdesk.web.languages import gettext
from dealdesk.web.merging import merge_page
from dealdesk.web.steps import act, undone_if_refused
from dealdesk.web.unsaved import (
    Keeping,
    forget,
    found_keeping,
    offers,
    recalculated,
    sent_keeping,
    taken_up,
    typed_in,
    unsaved_forms,
)
from dealdesk.web.wording import BILLINGS
from dealdesk.workflows.deal_edits import StaleDealError, Target, save_edit
from dealdesk.workflows.recording import next_rules, quote_data
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("order_form", __name__, url_prefix="/deals/<number>/order-form")
_LONGEST_PASTE = 100_000
_FORM = "order"
_TAKE_OUT = re.compile(r"(remove|affiliate)-(\d{1,3})\Z", re.ASCII)


@blueprint.get("/edit")
@requires(WRITE)
def edit(number: str) -> str | tuple[str, int]:
    """Show the grid of the deal's order form."""
    stored = load_deal(number, WRITE)
    if (closed := closed_page(stored)) is not None:
        return closed
    data = data_of(stored.row.deal_file)
    kept = _unsaved(stored)
    taken = taken_up(kept)
    keeping = found_keeping(_FORM, taken)
    if taken is not None:
        form, found = _judged(stored, sent_form(typed_in(taken)))
        return _grid_page(stored, form, found, keeping, kept)
    form = stored_form(data, stored.quote.priced.order, stored.version_row.number)
    return _grid_page(stored, form, consequences(stored.quote, stored.quote), keeping, kept)


@blueprint.post("/preview")
@requires(WRITE)
def preview(number: str) -> str:
    """Give what the typed grid comes to, without saving anything."""
    stored = load_deal(number, WRITE)
    form, found = _judged(stored, sent_form(request.form))
    return render_template("deal/order-preview.html", **_preview_context(stored, form, found))


@blueprint.post("/edit")
@requires(WRITE)
@transactional
def save(number: str) -> AnyResponse | str | tuple[str, int]:
    """Save the grid as a new version; or only recalculate, add, paste or take out rows."""
    stored = load_deal(number, WRITE)
    form = _reshaped(sent_form(request.form), request.form.get("do", "save"))
    keeping = sent_keeping(_FORM)
    if request.form.get("do", "save") != "save":
        form, found = _judged(stored, form)
        return _grid_page(stored, form, found, recalculated(stored.row.id, keeping))
    edit, target = form.edit(data_of(stored.row.deal_file)), Target(stored.row.number, form.seen)
    try:
        with undone_if_refused():
            save_edit(act(), target, edit, "deals:order:saved")
            form.check_quantities()
            forget(stored.row.id, keeping)
    except StaleDealError as stale:
        return merge_page(load_deal(number, WRITE), stale, keeping), 409
    except DomainError as error:
        return _grid_page(stored, form.with_faults(error), None, keeping), 422
    return redirect(url_for("deal.order_form", number=stored.row.number), 303)


def _unsaved(stored: StoredDeal) -> list[Unsaved]:
    """Return what the person typed in the grid before, where it is not what the deal says now."""
    data = data_of(stored.row.deal_file)

    def differs(typed: MultiDict[str, str]) -> bool:
        return sent_form(typed).edit(data)(data) != data

    return unsaved_forms(stored, {_FORM: differs})


def _reshaped(form: OrderForm, wish: str) -> OrderForm:
    """Return the form after a press of a button that changes its rows."""
    if wish == "add":
        return form.with_row(GridRow())
    if wish == "paste":
        pasted = request.form.get("paste", "")[:_LONGEST_PASTE]
        form = form.without_blank_rows()
        for row in pasted_rows(pasted, years_of(form), desk().rules.catalogue):
            form = form.with_row(row)
        return form
    if wish == "add-affiliate":
        return form.with_affiliate()
    match = _TAKE_OUT.match(wish)
    if match is None:
        return form
    index = int(match[2])
    return form.without_affiliate(index) if match[1] == "affiliate" else form.without_row(index)


def _judged(stored: StoredDeal, form: OrderForm) -> tuple[OrderForm, Consequences | None]:
    """Return the form with its faults, or with what it comes to where it has none."""
    data: DealData = data_of(stored.row.deal_file)
    changed = form.edit(data)(data)
    try:
        after = quote_data(
            changed,
            next_rules(session(), stored),
            decisions=list_decisions(session(), stored.row.id),
            parent=stored.version_row.number,
            on=desk().clock.now().date(),
        )
        form.check_quantities()
    except DomainError as error:
        return form.with_faults(error), None
    return form, consequences(after, stored.quote)


def _preview_context(
    stored: StoredDeal, form: OrderForm, found: Consequences | None
) -> dict[str, object]:
    library = next_rules(session(), stored).library
    return {
        "number": stored.row.number,
        "form": form,
        "found": found,
        "findings": order_lint(found.quote, stored.quote, library) if found else (),
        "customers": customers_view(found.quote) if found else None,
    }


def _grid_page(
    stored: StoredDeal,
    form: OrderForm,
    found: Consequences | None,
    keeping: Keeping,
    kept: list[Unsaved] | None = None,
) -> str:
    catalogue = desk().rules.catalogue
    if not form.rows or not form.rows[-1].is_blank:
        form = form.with_row(GridRow())
    return deal_page(
        "order-edit",
        gettext("Order form"),
        stored,
        here="deal.order_form",
        **_preview_context(stored, form, found),
        year_count=years_of(form),
        products=catalogue.products if catalogue else {},
        currencies=sorted(CURRENCIES),
        billings=BILLINGS,
        customer=stored.quote.deal.customer.name,
        keeping=keeping,
        offers=list(offers(stored.row.number, kept or [], keeping, gettext("the order form"))),
    )
