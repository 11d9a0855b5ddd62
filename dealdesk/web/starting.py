"""Start a deal: choose how, then one form each for scratch or a plan, a copy, and a file."""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from dealdesk.deals.accounts import get_account, list_accounts, party_data
from dealdesk.deals.contacts import list_contacts
from dealdesk.deals.deal import PartyDetails
from dealdesk.deals.editing import DealData
from dealdesk.deals.models import DealRow
from dealdesk.deals.new_deal import FirstOrder, new_deal
from dealdesk.deals.party_checks import party_problems
from dealdesk.deals.queries import CREATE, get_deal
from dealdesk.deals.seller import load_seller
from dealdesk.kernel.errors import DomainError, NotFoundError, RefusedError
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.money import CURRENCIES
from dealdesk.terms.typed_numbers import plain_number
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.steps import act, rules_now, sent_number, undone_if_refused
from dealdesk.web.visitors import current_actor
from dealdesk.web.wording import BILLINGS
from dealdesk.workflows.plan_tiers import TierOffer, tier_offers
from dealdesk.workflows.starting import Beginning, copy_deal, start_deal, start_from_file

blueprint = Blueprint("starting", __name__, url_prefix="/deals/new")

# The agreement that holds every family; a plan may bring a shorter one.
_FULL = "enterprise"
_LONGEST_FILE = 2_000_000
_PREFERRED = ("USD", "EUR", "GBP", "CHF", "JPY")
_FAULT_FIELDS = {
    "title": "title",
    "tier": "tier",
    "customer.name": "customer",
    "customer.country": "country",
    "order.start": "start",
    "order.months": "months",
    "order.currency": "currency",
    "order.billing": "billing",
    "order.lines[0].sku": "sku",
    "order.lines[0].quantity": "quantity",
    "order.lines[0].discount_pct": "discount",
    "order.lines[0].list_unit": "sku",
}


def new_key() -> str:
    """Return a key for a form, so that sending it twice does its work once."""
    return secrets.token_urlsafe(24)


_BILLING = [SelectChoice(value=key, label=words) for key, words in BILLINGS.items()]


class ScratchForm(Form):
    """A deal from scratch or from a plan."""

    form_key = HiddenField(default=new_key)
    tier = SelectField(lazy_gettext("Plan"), validate_choice=False)
    account = SelectField(lazy_gettext("Account"), validate_choice=False)
    customer = StringField(
        lazy_gettext("Customer, where it has no account yet"), [Length(max=20_000)]
    )
    country = StringField(lazy_gettext("Country, as two letters"), [Length(max=20_000)])
    title = StringField(
        lazy_gettext("Title of the deal"), [InputRequired(lazy_gettext("Write a title."))]
    )
    agreement = SelectField(lazy_gettext("Agreement"))
    sku = SelectField(lazy_gettext("First product"))
    quantity = StringField(lazy_gettext("Quantity"), default="1")
    discount = StringField(lazy_gettext("Discount in percent"))
    currency = SelectField(lazy_gettext("Currency"), default="USD")
    start = StringField(lazy_gettext("First day of the term"))
    months = StringField(lazy_gettext("Months of the term"), default="12")
    billing = SelectField(lazy_gettext("Invoiced"), choices=_BILLING, default="annual_advance")


class CopyForm(Form):
    """A deal as a copy of another."""

    form_key = HiddenField(default=new_key)
    number = StringField(
        lazy_gettext("Number of the deal to copy"), [InputRequired(lazy_gettext("Write a number."))]
    )
    title = StringField(
        lazy_gettext("Title of the new deal"), [InputRequired(lazy_gettext("Write a title."))]
    )
    start = StringField(lazy_gettext("First day of the term"))


class FileForm(Form):
    """A deal from a deal file, uploaded or pasted."""

    form_key = HiddenField(default=new_key)
    text = TextAreaField(lazy_gettext("Contents of the file"), [Length(max=_LONGEST_FILE)])


@blueprint.get("")
@requires(CREATE)
def choose() -> str:
    """Show the ways to start a deal."""
    return page("starting/choose.html", gettext("New deal"), offers=_offers())


@blueprint.get("/scratch")
@requires(CREATE)
def scratch() -> str:
    """Show the form of a deal from scratch; the address may name account and plan."""
    form = _scratch_form(blank=True)
    tier = rules_now().library.tiers.get(request.args.get("plan", ""))
    if tier is not None:
        form.tier.data, form.sku.data, form.agreement.data = tier.id, tier.sku, tier.agreement
    asked = request.args.get("account", "")
    if asked in {choice.value for choice in form.account.choices}:
        form.account.data = asked
    return page("starting/scratch.html", gettext("New deal from scratch"), form=form)


@blueprint.post("/scratch")
@requires(CREATE)
@transactional
def from_scratch() -> AnyResponse | tuple[str, int]:
    """Start a deal from what the form says."""
    form = _scratch_form(blank=False)
    made = _made(form, lambda: _start(form)) if form.validate() else None
    if made is None:
        return page("starting/scratch.html", gettext("New deal from scratch"), form=form), 422
    return redirect(url_for("order_form.edit", number=made.number), 303)


@blueprint.get("/copy")
@requires(CREATE)
def copy() -> str:
    """Show the form of a copy; the address may name the deal."""
    form = CopyForm(formdata=None)
    number = request.args.get("number", "")[:40]
    if number:
        row = get_deal(session(), number, actor=current_actor())
        form.number.data, form.title.data = row.number, f"Copy of {row.title}"[:200]
    form.start.data = _first_of_next_month().isoformat()
    return page("starting/copy.html", gettext("Copy a deal"), form=form)


@blueprint.post("/copy")
@requires(CREATE)
@transactional
def from_copy() -> AnyResponse | tuple[str, int]:
    """Start a deal as a copy."""
    form = CopyForm()
    made = None
    if form.validate():
        number, title = str(form.number.data).strip(), str(form.title.data)
        start, key = str(form.start.data or "").strip(), _key(form)
        made = _made(form, lambda: copy_deal(act(), number, title, start, key))
    if made is None:
        return page("starting/copy.html", gettext("Copy a deal"), form=form), 422
    return redirect(url_for("order_form.edit", number=made.number), 303)


@blueprint.get("/file")
@requires(CREATE)
def file() -> str:
    """Show the form for a deal file."""
    return page("starting/file.html", gettext("New deal from a file"), form=FileForm(formdata=None))


@blueprint.post("/file")
@requires(CREATE)
@transactional
def from_file() -> AnyResponse | tuple[str, int]:
    """Start a deal from an uploaded or a pasted file; what can't be read stays to be mended."""
    form = FileForm()
    given = request.files.get("file")
    if given is not None and given.filename:
        form.text.data = _uploaded_text(form, given.stream.read(_LONGEST_FILE + 1))
    text = str(form.text.data or "")
    made = None
    if form.said:
        pass
    elif not text.strip():
        form.say(gettext("Choose a file, or paste its contents."))
    elif form.validate():
        made = _made(form, lambda: start_from_file(act(), text, _key(form)))
    if made is None:
        return page("starting/file.html", gettext("New deal from a file"), form=form), 422
    return redirect(url_for("order_form.edit", number=made.number), 303)


def _uploaded_text(form: Form, data: bytes) -> str:
    """Return an uploaded file's text; what is too long, or in another encoding, is said."""
    if len(data) > _LONGEST_FILE:
        form.say(gettext("The file has more than 2 MB. Check that it is a deal file."))
        return ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        form.say(
            f"The file is not UTF-8 text (byte {error.start})."
            " Save it as UTF-8, or check that it is a deal file."
        )
        return ""


def _key(form: Form) -> str:
    return str(form.form_key.data or "")[:64] or new_key()


def _made(form: Form, start: Callable[[], DealRow]) -> DealRow | None:
    """Return the started deal, or None with the form saying every fault; nothing stays behind."""
    try:
        with undone_if_refused():
            return start()
    except DomainError as error:
        form.put(error, _FAULT_FIELDS)
        return None


def _scratch_form(*, blank: bool) -> ScratchForm:
    form = ScratchForm(formdata=None) if blank else ScratchForm()
    asked = request.args.get("account", "") if blank else str(form.account.data or "")
    form.account.choices = _choices([("", gettext("None of these")), *_accounts(asked)])
    agreements = rules_now().library.agreements
    form.agreement.choices = _choices((key, one.title) for key, one in sorted(agreements.items()))
    form.tier.choices = _choices(
        [("", gettext("None: everything standard")), *((one.id, one.title) for one in _offers())]
    )
    catalogue = desk().rules.catalogue
    products = catalogue.products if catalogue else {}
    form.sku.choices = _choices((sku, product.name) for sku, product in products.items())
    others = sorted(set(CURRENCIES) - set(_PREFERRED))
    form.currency.choices = _choices((code, code) for code in (*_PREFERRED, *others))
    if blank:
        form.agreement.data = _FULL if _FULL in agreements else next(iter(sorted(agreements)), "")
        form.start.data = _first_of_next_month().isoformat()
    return form


def _accounts(asked: str) -> Iterator[tuple[str, str]]:
    """Yield the first accounts by name, and the one that is asked for wherever it stands."""
    accounts, _ = list_accounts(session(), actor=current_actor())
    ids = {str(account.id) for account in accounts}
    if asked not in ids and (number := sent_number("account", {"account": asked})):
        with contextlib.suppress(NotFoundError):
            found = get_account(session(), number, actor=current_actor())
            yield str(found.id), found.name
    for account in accounts:
        yield str(account.id), account.name


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def _start(form: ScratchForm) -> DealRow:
    customer, account = _customer(form)
    line: dict[str, Data] = {
        "sku": str(form.sku.data or ""),
        "quantity": plain_number(str(form.quantity.data or "")),
        "discount_pct": plain_number(str(form.discount.data or "")),
    }
    order = FirstOrder(
        start=str(form.start.data or "").strip(),
        months=plain_number(str(form.months.data or "")),
        currency=str(form.currency.data),
        lines=[line],
        billing=str(form.billing.data),
    )
    data: DealData = new_deal(
        str(form.title.data).strip(), _seller(), customer, str(form.agreement.data), order
    )
    if form.tier.data:
        # The clauses that a plan brings need not be written: they follow from it.
        data["tier"] = str(form.tier.data)[:80]
    return start_deal(act(), data, Beginning("Started", _key(form), account))


def _customer(form: ScratchForm) -> tuple[Mapping[str, Data], int | None]:
    chosen = str(form.account.data or "")
    if not chosen:
        name = str(form.customer.data or "").strip()
        if not name:
            raise DomainError.of("no-customer", "Choose an account, or name the customer.")
        country = str(form.country.data or "").strip()
        if problems := tuple(party_problems(PartyDetails(name, "", "", country), "customer.")):
            raise DomainError(problems)
        return {"name": name, "country": country}, None
    number = sent_number("account", {"account": chosen})
    if not number:
        raise NotFoundError.of("no-such-account", "There is no such account.")
    account = get_account(session(), number, actor=current_actor())
    return party_data(account, list_contacts(session(), account)), account.id


def _seller() -> Mapping[str, Data]:
    path = desk().settings.library / "seller.yaml"
    if not path.is_file():
        raise RefusedError.of(
            "no-seller",
            "The library does not say who sells.",
            remedy="Write its seller.yaml, or start from a deal file.",
        )
    return load_seller(path)


def _offers() -> tuple[TierOffer, ...]:
    rules = rules_now()
    return tier_offers(rules.library, rules.catalogue) if rules.catalogue else ()


def _first_of_next_month() -> date:
    today = desk().clock.now().date()
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
