"""Accounts with their contacts and deals."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, HiddenField, StringField

from dealdesk.deals.accounts import (
    DETAILS,
    PAGE,
    add_account,
    change_account,
    get_account,
    list_account_deals,
    list_accounts,
)
from dealdesk.deals.contacts import (
    add_contact,
    archive_contact,
    change_contact,
    get_contact,
    list_archived,
    list_contacts,
    restore_contact,
)
from dealdesk.deals.models import AccountRow, ContactRow
from dealdesk.deals.queries import CREATE
from dealdesk.kernel.errors import ConflictError, DomainError
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.starting import new_key
from dealdesk.web.steps import sent_number, undone_if_refused
from dealdesk.web.visitors import current_actor

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


class AccountForm(Form):
    """An account's details."""

    form_key = HiddenField(default=new_key)
    name = StringField(lazy_gettext("Name, as the contract prints it"))
    form = StringField(lazy_gettext("Legal form"))
    address = StringField(lazy_gettext("Address"))
    country = StringField(lazy_gettext("Country, as two letters"))
    registration = StringField(lazy_gettext("Registration number"))
    tax_id = StringField(lazy_gettext("Tax number"))

    def details(self) -> dict[str, str]:
        """Return what was typed."""
        return {key: str(self._fields[key].data or "") for key in DETAILS}


class ContactForm(Form):
    """A person at an account."""

    name = StringField(lazy_gettext("Name"))
    title = StringField(lazy_gettext("Job title"))
    email = StringField(lazy_gettext("Mail address"))
    is_signer = BooleanField(lazy_gettext("Signs for the account"))

    def details(self) -> dict[str, str]:
        """Return what was typed."""
        return {key: str(self._fields[key].data or "") for key in ("name", "title", "email")}


@blueprint.get("")
@requires(CREATE)
def list_page() -> str:
    """Show a page of the person's accounts."""
    search = request.args.get("q", "").replace("\x00", "").strip()[:100]
    typed = request.args.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1  # noqa: PLR2004
    lines, total = list_accounts(session(), actor=current_actor(), search=search, page=number)
    pages = max(1, -(-total // PAGE))
    return page(
        "accounts/list.html",
        gettext("Accounts"),
        lines=lines,
        total=total,
        pages=pages,
        number=number,
        search=search,
    )


@blueprint.get("/new")
@requires(CREATE)
def new() -> str:
    """Show the form of a new account."""
    return page("accounts/new.html", gettext("New account"), form=AccountForm(formdata=None))


@blueprint.post("/new")
@requires(CREATE)
@transactional
def add() -> AnyResponse | tuple[str, int]:
    """Add an account."""
    form = AccountForm()
    try:
        with undone_if_refused():
            key = str(form.form_key.data or "")[:64] or new_key()
            now = desk().clock.now()
            row = add_account(session(), current_actor(), form.details(), key, now)
    except DomainError as error:
        form.put(error)
        return page("accounts/new.html", gettext("New account"), form=form), 422
    return redirect(url_for("accounts.show", account=row.id), 303)


@blueprint.get("/<int:account>")
@requires(CREATE)
def show(account: int) -> str:
    """Show an account with its contacts and deals."""
    return _account_page(get_account(session(), account, actor=current_actor()))


@blueprint.post("/<int:account>")
@requires(CREATE)
@transactional
def change(account: int) -> AnyResponse | tuple[str, int]:
    """Change an account's details."""
    row = get_account(session(), account, actor=current_actor())
    form = AccountForm()
    try:
        with undone_if_refused():
            change_account(
                session(), current_actor(), account, form.details(), seen=sent_number("seen"),
                now=desk().clock.now(),
            )  # fmt: skip
    except DomainError as error:
        form.put(error)
        is_stale = isinstance(error, ConflictError)
        return _account_page(row, form, is_stale=is_stale), 409 if is_stale else 422
    return redirect(url_for("accounts.show", account=account), 303)


@blueprint.post("/<int:account>/contacts")
@requires(CREATE)
@transactional
def add_person(account: int) -> AnyResponse | tuple[str, int]:
    """Add a person at an account."""
    row = get_account(session(), account, actor=current_actor())
    form = ContactForm(prefix="contact-")
    try:
        with undone_if_refused():
            add_contact(
                session(), current_actor(), account, form.details(),
                is_signer=bool(form.is_signer.data), now=desk().clock.now(),
            )  # fmt: skip
    except DomainError as error:
        form.put(error)
        return _account_page(row, contact_form=form), 422
    return redirect(url_for("accounts.show", account=account), 303)


@blueprint.get("/<int:account>/contacts/<int:contact>")
@requires(CREATE)
def person(account: int, contact: int) -> str:
    """Show the form of a person at an account."""
    row = get_contact(session(), current_actor(), account, contact)
    form = ContactForm(
        formdata=None, name=row.name, title=row.title, email=row.email, is_signer=row.is_signer
    )
    return _person_page(row, form, row.revision)


@blueprint.post("/<int:account>/contacts/<int:contact>")
@requires(CREATE)
@transactional
def change_person(account: int, contact: int) -> AnyResponse | tuple[str, int]:
    """Change a person at an account."""
    row, form = get_contact(session(), current_actor(), account, contact), ContactForm()
    try:
        with undone_if_refused():
            change_contact(
                session(), current_actor(), row, form.details(),
                is_signer=bool(form.is_signer.data), seen=sent_number("seen"),
                now=desk().clock.now(),
            )  # fmt: skip
    except DomainError as error:
        form.put(error)
        status = 409 if isinstance(error, ConflictError) else 422
        return _person_page(row, form, row.revision), status
    return redirect(url_for("accounts.show", account=account), 303)


@blueprint.post("/<int:account>/contacts/<int:contact>/archive")
@requires(CREATE)
@transactional
def archive_person(account: int, contact: int) -> AnyResponse:
    """Archive a person at an account."""
    row = get_contact(session(), current_actor(), account, contact)
    archive_contact(session(), current_actor(), row, desk().clock.now())
    return redirect(url_for("accounts.show", account=account), 303)


@blueprint.post("/<int:account>/contacts/<int:contact>/restore")
@requires(CREATE)
@transactional
def restore_person(account: int, contact: int) -> AnyResponse:
    """Take a person at an account back out of the archive."""
    row = get_contact(session(), current_actor(), account, contact)
    restore_contact(session(), current_actor(), row, desk().clock.now())
    return redirect(url_for("accounts.show", account=account), 303)


def _person_page(row: ContactRow, form: ContactForm, seen: int) -> str:
    return page("accounts/person.html", row.name, row=row, form=form, seen=seen)


def _account_page(
    row: AccountRow,
    form: AccountForm | None = None,
    contact_form: ContactForm | None = None,
    *,
    is_stale: bool = False,
) -> str:
    given = {key: getattr(row, key) for key in DETAILS}
    return page(
        "accounts/account.html",
        row.name,
        row=row,
        is_stale=is_stale,
        form=form or AccountForm(formdata=None, **given),
        contact_form=contact_form or ContactForm(formdata=None, prefix="contact-"),
        contacts=list_contacts(session(), row),
        archived=list_archived(session(), row),
        deals=list_account_deals(session(), row, actor=current_actor()),
    )
