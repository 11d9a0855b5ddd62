"""A deal's details: title, customer and who signs, facts; and taking up the present library."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField

from dealdesk.deals.deal import PartyDetails, Signer
from dealdesk.deals.editing import DealData, data_of
from dealdesk.deals.party_checks import party_problems
from dealdesk.deals.queries import WRITE, get_deal
from dealdesk.deals.unsaved import Unsaved
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import Data, load_yaml
from dealdesk.web.access import requires
from dealdesk.web.deal import closed_page, deal_page, load_deal
from dealdesk.web.edge import session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.merging import merge_page
from dealdesk.web.steps import act, sent_number, undone_if_refused
from dealdesk.web.unsaved import (
    Keeping,
    forget,
    found_keeping,
    offers,
    sent_keeping,
    taken_up,
    typed_in,
    unsaved_forms,
)
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.deal_edits import (
    StaleDealError,
    Target,
    save_details,
    take_up_library,
)
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("details", __name__, url_prefix="/deals/<number>")
_FORM = "details"
_PARTY = ("name", "form", "address", "country", "registration", "tax_id")
_SIGNER = ("name", "title", "email")
_FIELDS = {
    "title": "title",
    **{f"customer.{key}": f"customer_{key}" for key in _PARTY},
    **{f"customer.signer.{key}": f"signer_{key}" for key in _SIGNER},
}


class DetailsForm(Form):
    """What a deal says of itself and of its customer."""

    title = StringField(lazy_gettext("Title of the deal"))
    customer_name = StringField(lazy_gettext("Customer, as the contract prints it"))
    customer_form = StringField(lazy_gettext("Legal form"))
    customer_address = StringField(lazy_gettext("Address"))
    customer_country = StringField(lazy_gettext("Country, as two letters"))
    customer_registration = StringField(lazy_gettext("Registration number"))
    customer_tax_id = StringField(lazy_gettext("Tax number"))
    signer_name = StringField(lazy_gettext("Who signs"))
    signer_title = StringField(lazy_gettext("Title of who signs"))
    signer_email = StringField(lazy_gettext("Mail address of who signs"))
    facts = TextAreaField(lazy_gettext("Facts"))

    def words(self, name: str) -> str:
        """Return what was typed in a field."""
        return str(self._fields[name].data or "").replace("\x00", "").strip()


@blueprint.get("/details")
@requires(WRITE)
def edit(number: str) -> str | tuple[str, int]:
    """Show the form of the deal's details."""
    stored = load_deal(number, WRITE)
    if (closed := closed_page(stored)) is not None:
        return closed
    form = _stored_form(data_of(stored.row.deal_file))
    kept = unsaved_forms(stored, {_FORM: lambda typed: _differs(form, typed)})
    taken = taken_up(kept)
    keeping = found_keeping(_FORM, taken)
    if taken is None:
        return _page(stored, form, keeping, kept)
    typed = typed_in(taken)
    seen = typed.get("seen", "")
    return _page(stored, DetailsForm(formdata=typed), keeping, kept, seen=seen)


@blueprint.post("/details")
@requires(WRITE)
@transactional
def save(number: str) -> AnyResponse | tuple[str, int]:
    """Save the details as a new version."""
    stored, form, keeping = load_deal(number, WRITE), DetailsForm(), sent_keeping(_FORM)
    customer: dict[str, Data] = {key: form.words(f"customer_{key}") for key in _PARTY}
    signer: dict[str, Data] = {key: form.words(f"signer_{key}") for key in _SIGNER}
    try:
        _check(form)
        with undone_if_refused():
            save_details(
                act(),
                Target(stored.row.number, sent_number("seen")),
                form.words("title"),
                {**customer, "signer": signer} if any(signer.values()) else customer,
                _facts(form.words("facts"), data_of(stored.row.deal_file)),
            )
            forget(stored.row.id, keeping)
    except StaleDealError as stale:
        return merge_page(load_deal(number, WRITE), stale, keeping), 409
    except DomainError as error:
        form.put(error, {**_FIELDS, **_facts_places(error)})
        return _page(stored, form, keeping), 422
    return redirect(url_for("deal.order_form", number=stored.row.number), 303)


@blueprint.post("/take-up-library")
@requires(WRITE)
@transactional
def renew(number: str) -> AnyResponse:
    """Record what the deal states as a new version with today's library and program."""
    row = get_deal(session(), number, actor=current_actor(), needs=WRITE)
    take_up_library(act(), Target(row.number, sent_number("seen")))
    return redirect(url_for("versions.list_page", number=row.number), 303)


def _facts(text: str, data: DealData) -> dict[str, Data]:
    """Return the facts that lines such as `regions: 2` state, and a blank for those now gone.

    Raise DomainError where the lines state no facts.
    """
    found = load_yaml(text, "facts").data if text else {}
    if not isinstance(found, dict):
        raise DomainError.of("bad-facts", "Facts are lines such as “regions: 2”.")
    present = data.get("facts")
    gone: dict[str, Data] = dict.fromkeys(present if isinstance(present, dict) else (), None)
    return {**gone, **found}


def _facts_places(error: DomainError) -> dict[str, str]:
    """Return the field of the facts for each problem that is about one of them."""
    paths = (problem.place.path for problem in error.problems)
    return {path: "facts" for path in paths if path.startswith("facts.")}


def _check(form: DetailsForm) -> None:
    """Raise DomainError where country or mail address are none."""
    signer = Signer(*(form.words(f"signer_{key}") for key in _SIGNER))
    country = form.words("customer_country")
    party = PartyDetails(form.words("customer_name"), "", "", country, signer=signer)
    if problems := tuple(party_problems(party, "customer.")):
        raise DomainError(problems)


def _stored_form(data: DealData) -> DetailsForm:
    form = DetailsForm(formdata=None)
    form.title.data = str(data.get("title") or "")
    customer = data.get("customer")
    party = customer if isinstance(customer, dict) else {}
    signer = party.get("signer")
    for key in _PARTY:
        form._fields[f"customer_{key}"].data = str(party.get(key) or "")
    for key in _SIGNER:
        words = signer.get(key) if isinstance(signer, dict) else ""
        form._fields[f"signer_{key}"].data = str(words or "")
    facts = data.get("facts")
    lines = facts.items() if isinstance(facts, dict) else ()
    form.facts.data = "\n".join(f"{name}: {_fact(value)}" for name, value in lines)
    return form


def _fact(value: Data) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _differs(form: DetailsForm, typed: MultiDict[str, str]) -> bool:
    """Tell whether something was typed that is not what the deal says now."""
    names = ("title", "facts", *_FIELDS.values())
    return any(typed.get(name, "").split() != form.words(name).split() for name in names)


def _page(
    stored: StoredDeal,
    form: DetailsForm,
    keeping: Keeping,
    kept: list[Unsaved] | None = None,
    *,
    seen: str = "",
) -> str:
    return deal_page(
        "details",
        gettext("Details"),
        stored,
        here="deal.order_form",
        form=form,
        seen=seen or request.form.get("seen") or stored.version_row.number,
        keeping=keeping,
        offers=list(offers(stored.row.number, kept or [], keeping, gettext("the details"))),
    )
