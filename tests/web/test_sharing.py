"""Send to a customer, their page, seal, hand over: who sees what, in the browser's own steps."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dealdesk.audit.queries import list_events
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.models import TeamRow
from dealdesk.identity.passwords import is_password
from dealdesk.identity.throttling import PER_ACCOUNT
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.hashing import sha256_bytes
from dealdesk.outbox.models import JobRow, MailRow
from dealdesk.sharing import operations
from dealdesk.sharing.models import ShareLinkRow
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION, Desk
from tests.web.conftest import seeded_settings, work
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient

RICH, BANK = "/deals/PLACEHOLDER-2027-001", "/deals/NOTIONAL-2028-001"
RAMONA = {"name": "Ramona Example", "email": "ramona@example.com", "days": "30", "note": "Hello."}


PEOPLE = itertools.count()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give an application whose rich deal has its files."""
    application = create_app(seeded_settings(tmp_path_factory.mktemp("shop")))
    seller = StrictClient(sign_in_as(application, "account_executive"))
    press(seller, f"{RICH}/downloads", f"{RICH}/downloads", {})
    work(application)
    yield application
    application.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def seller(shop: Flask) -> StrictClient:
    return StrictClient(sign_in_as(shop, "account_executive"))


def press(
    browser: StrictClient, page: str, action: str, data: dict[str, str], status: int = 303
) -> str:
    """Send a form of a page with its token, and return where it leads."""
    found = browser.get(page).find("input", attrs={"name": "csrf_token"})
    token = str(found["value"])  # type: ignore[index]
    answer = browser.post(action, {**data, "csrf_token": token}, status=status)
    return answer.headers.get("Location", "")


def send(browser: StrictClient, **other: str) -> tuple[str, str]:
    """Send the rich deal to somebody new; return the link's path, and the code if it has one."""
    given = {**RAMONA, "email": f"person{next(PEOPLE)}@example.com", "seen": "1", **other}
    press(browser, f"{RICH}/customer", f"{RICH}/customer/send", given)
    text = browser.get(f"{RICH}/customer").get_text(" ")
    link = re.search(r"http://127\.0\.0\.1:8000(/share/[\w-]+)", text)
    code = re.search(r"shown this once:\s+(\d{8})", text)
    assert link is not None
    assert link[1] not in browser.get(f"{RICH}/customer").get_text()
    return link[1], code[1] if code else ""


def test_a_double_click_on_send_shows_the_same_link_and_code_and_mails_once(
    shop: Flask, seller: StrictClient
) -> None:
    page = seller.get(f"{RICH}/customer")
    kept = {
        name: str(page.find("input", attrs={"name": name})["value"])  # type: ignore[index]
        for name in ("csrf_token", "form_key", "seen")
    }
    given = {**RAMONA, **kept, "email": "twice@example.com", "has_code": "y"}
    said = []
    for _ in range(2):
        seller.post(f"{RICH}/customer/send", given, status=303)
        found = seller.get(f"{RICH}/customer").get_text(" ")
        said.append(re.findall(r"/share/[\w-]+|shown this once:\s+(\d{8})", found))
        assert "The code to tell them" in found
    assert said[0] == said[1]
    assert len(said[0]) == 2
    parts: Desk = shop.extensions[EXTENSION]
    with sessions(parts.engine)() as session:
        wanted = select(ShareLinkRow.id).where(ShareLinkRow.email == "twice@example.com")
        assert len(session.scalars(wanted).all()) == 1
    # Another person by the same form is another link, and needs no other page.
    seller.post(f"{RICH}/customer/send", {**given, "email": "other@example.com"}, status=303)
    other = seller.get(f"{RICH}/customer").get_text(" ")
    assert re.findall(r"shown this once:\s+(\d{8})", other) != [said[0][1]]


def test_whom_it_goes_to_is_filled_in_from_who_signs(seller: StrictClient) -> None:
    page = seller.get(f"{RICH}/customer")
    assert page.find(id="name")["value"] == "Jordan Beispiel"  # type: ignore[index]
    assert page.find(id="email")["value"] == "jordan.beispiel@example.org"  # type: ignore[index]


def visitor(app: Flask) -> StrictClient:
    return StrictClient(app.test_client())


def ask(browser: StrictClient, link: str, text: str, status: int = 303, **other: str):
    """Send the form of the customer's page, and return the answer."""
    page = browser.get(f"{link}/discuss")
    kept = {
        name: str(page.find("input", attrs={"name": name})["value"])  # type: ignore[index]
        for name in ("csrf_token", "form_key")
    }
    return browser.post(f"{link}/discuss", {**kept, "text": text, **other}, status=status)


def test_a_customer_asks_about_a_clause_and_reads_the_answer(
    shop: Flask, seller: StrictClient
) -> None:
    link, _ = send(seller)
    customer = visitor(shop)
    page = customer.get(f"{link}/discuss")
    option = next(one for one in page.select("option") if "Limitation of liability" in one.text)
    hostile = "Is the cap <b>per year</b>?\r\n{{ 7 * 7 }} مرحبا"
    ask(customer, link, hostile, about=str(option["value"]))
    words = customer.get(f"{link}/discuss").get_text(" ")
    assert "Is the cap <b>per year</b>?\n{{ 7 * 7 }}" in words
    assert "Limitation of liability" in words
    asked = seller.get(f"{RICH}/discussion")
    thread = asked.find("p", string=re.compile("Is the cap")).find_parent("section")  # type: ignore[union-attr]
    form = thread.find("form")  # type: ignore[union-attr]
    data = {one["name"]: one["value"] for one in form.select("input")}  # type: ignore[union-attr]
    blank = seller.read(seller.post(str(form["action"]), {**data, "text": " "}, status=422), 422)  # type: ignore[index]
    assert "Write what you want to say." in blank.get_text()
    long = "x" * 30_000
    whole = seller.read(seller.post(str(form["action"]), {**data, "text": long}, status=422), 422)  # type: ignore[index]
    assert "this has 30,000" in whole.get_text()
    assert long in whole.get_text()
    for _press in range(2):
        seller.post(str(form["action"]), {**data, "text": "Per contract year."}, status=303)  # type: ignore[index]
    said = [one.get_text() for one in customer.get(f"{link}/discuss").select(".said .words")]
    assert said[-1] == "Per contract year."
    assert said.count("Per contract year.") == 1
    parts: Desk = shop.extensions[EXTENSION]
    with sessions(parts.engine)() as session:
        mails = session.scalars(select(MailRow).order_by(MailRow.id)).all()
        told = [one for one in mails if one.template in {"customer-asked", "question-answered"}]
        assert [one.template for one in told[-2:]] == ["customer-asked", "question-answered"]
        assert told[-2].to_address == "avery.seller@example.com"
        assert "/share/" not in told[-2].text + told[-1].text
        events = [one for one in list_events(session, 1) if "comment" in one.event]
    assert all("cap" not in one.facts for one in events)


def test_what_cant_be_said_is_refused_and_stays_typed(shop: Flask, seller: StrictClient) -> None:
    link, _ = send(seller)
    other, _ = send(seller)
    customer = visitor(shop)
    for text, sentence in (
        ("", "Write what you want to say."),
        ("x" * 4_001, "4,000 characters are the most"),
        ("a\u202eb", "can't be seen"),
    ):
        page = customer.read(ask(customer, link, text, status=422), 422)
        assert sentence in page.find(attrs={"role": "alert"}).get_text()  # type: ignore[union-attr]
        assert page.find("textarea").get_text().strip() == text  # type: ignore[union-attr]
    ask(customer, link, "Hello", 303, about="forged")
    for _count in range(9):
        ask(customer, link, "Again", 303)
    assert "Wait a quarter" in customer.read(ask(customer, link, "More", 429), 429).get_text()
    # Nothing of it is seen behind another link, and a link that ended takes nothing.
    assert "Again" not in customer.get(f"{other}/discuss").get_text()
    locked, _code = send(seller, has_code="y")
    assert "Enter your code" in visitor(shop).get(f"{locked}/discuss").get_text()


def test_a_customer_reads_and_downloads_just_what_was_sent(
    shop: Flask, seller: StrictClient
) -> None:
    link, _ = send(seller)
    customer = visitor(shop)
    page = customer.get(link)
    assert "Version 1, sent to Ramona Example by Avery Seller" in page.get_text()
    assert "Limitation of liability" in page.select_one("article.paper").get_text()  # type: ignore[union-attr]
    assert page.select_one("article.paper")["lang"] == "en"  # type: ignore[index]
    assert "Limitation of liability" in page.select_one("details.guide").get_text()  # type: ignore[union-attr]
    # What we call the deal among ourselves is not for the customer.
    assert "Three-year ramp" not in customer.client.get(link).text
    hashes = [found.get_text().split()[-1] for found in page.select("main details .code")]
    links = [str(found["href"]) for found in page.select("a.offer")]
    assert [one.rpartition("/")[2] for one in links] == ["agreement.pdf", "agreement.docx"]
    for address, sha256 in zip(links, hashes, strict=True):
        got = customer.client.get(address)
        assert sha256_bytes(got.data) == sha256
        assert "attachment" in got.headers["Content-Disposition"]
        assert got.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in got.headers["X-Robots-Tag"]
    assert "DealDesk" not in page.select_one("header").get_text()  # type: ignore[union-attr]
    assert page.find("nav", attrs={"aria-label": "Main"}) is None
    told = seller.get(f"{RICH}/customer").get_text(" ")
    assert "Downloaded agreement.pdf" in told
    assert "Opened" in told
    for name in ("agreement.html", "approvals.json", "manifest.json", "agreement.txt", "../x"):
        assert customer.client.get(f"{link}/{name}").status_code == 404


def test_a_file_that_our_disk_lost_is_our_fault_and_written_down(
    shop: Flask, seller: StrictClient, caplog: pytest.LogCaptureFixture
) -> None:
    link, _ = send(seller)
    parts: Desk = shop.extensions[EXTENSION]
    lost = replace(parts, storage=LocalStorage(parts.settings.var / "nothing"))
    shop.extensions[EXTENSION] = lost
    try:
        customer = visitor(shop)
        for address in (link, f"{link}/agreement.pdf"):
            page = customer.read(customer.client.get(address), 503)
            assert "leads nowhere" not in page.get_text()
            assert "can't be reached now" in page.get_text()
    finally:
        shop.extensions[EXTENSION] = parts
    assert "can't be read: No such file" in caplog.text
    assert customer.client.get(f"{link}/agreement.pdf").status_code == 200


def test_a_look_at_the_head_is_no_visit(shop: Flask, seller: StrictClient) -> None:
    link, _ = send(seller, name="Heady", email="heady@example.com")
    assert visitor(shop).client.head(link).status_code == 200
    row = next(r for r in seller.get(f"{RICH}/customer").select("tbody tr") if "Heady" in r.text)
    assert "Nothing yet" in row.get_text()


def test_links_that_do_not_hold_look_alike(shop: Flask, seller: StrictClient) -> None:
    link, _ = send(seller, name="Gone", email="gone@example.com")
    row = next(r for r in seller.get(f"{RICH}/customer").select("tbody tr") if "Gone" in r.text)
    press(seller, f"{RICH}/customer", str(row.form["action"]), {})  # type: ignore[index]
    customer = visitor(shop)
    answers = [
        customer.client.get(address)
        for address in (link, f"{link}/agreement.pdf", "/share/guessed", f"/share/{'x' * 9000}")
    ]
    assert {one.status_code for one in answers} == {404}
    assert len({re.sub(r'(nonce="|\?v=)[^"]*', "", one.text) for one in answers}) == 1
    customer.read(answers[0], 404)


def test_others_write_while_a_code_is_looked_at_and_tries_are_counted(
    shop: Flask, seller: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, code = send(seller, name="Tilly", email="tilly@example.com", has_code="y")
    customer, looked = visitor(shop), []

    def slowly(stored: str | None, given: str) -> bool:
        with sessions(shop.extensions[EXTENSION].engine, writes=True).begin() as other:
            other.add(TeamRow(name=f"Code {len(looked)}"))
        looked.append(given)
        return is_password(stored, given)

    monkeypatch.setattr(operations, "is_password", slowly)
    for _ in range(PER_ACCOUNT):
        press(customer, link, link, {"code": "00000000"}, status=422)
    press(customer, link, link, {"code": code}, status=429)
    assert looked == ["00000000"] * PER_ACCOUNT


def test_a_code_shuts_the_page_and_its_files(shop: Flask, seller: StrictClient) -> None:
    link, code = send(seller, name="Cody", email="cody@example.com", has_code="y")
    customer = visitor(shop)
    assert "code of eight digits" in customer.get(link).get_text()
    assert customer.client.get(f"{link}/agreement.pdf").status_code == 404
    press(customer, link, link, {"code": "12"}, status=422)
    assert press(customer, link, link, {"code": f" {code[:4]} {code[4:]}"}) == link
    assert "Version 1, sent to Cody" in customer.get(link).get_text()
    assert customer.client.get(f"{link}/agreement.pdf").status_code == 200
    assert visitor(shop).client.get(f"{link}/agreement.pdf").status_code == 404
    stranger = visitor(shop)
    for n in range(11):
        press(stranger, link, link, {"code": "0"}, status=422 if n < 10 else 429)
    assert customer.client.get(f"{link}/agreement.pdf").status_code == 200


def test_nothing_is_sent_while_it_is_blocked(shop: Flask) -> None:
    desk = StrictClient(sign_in_as(shop, "deal_desk"))
    text = desk.get(f"{BANK}/customer").get_text(" ")
    assert "It can't be sent yet" in text
    assert "a walk-away position" in text
    press(desk, f"{BANK}/customer", f"{BANK}/customer/send", {**RAMONA, "seen": "1"}, status=409)


@pytest.mark.parametrize(
    ("given", "said", "status"),
    [
        ({"name": ""}, "Write whom the link is for.", 422),
        ({"name": "x" * 10_000}, "Field cannot be longer than 120 characters.", 422),
        ({"email": "a@b"}, "“a@b” is not a mail address.", 409),
        ({"days": "3650"}, "Not a valid choice", 422),
        ({"seen": "0"}, "You looked at version 0", 409),
        ({"seen": "９"}, "You looked at version 0", 409),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    seller: StrictClient, given: dict[str, str], said: str, status: int
) -> None:
    data = {**RAMONA, "seen": "1", "note": "Keep this.", **given}
    press(seller, f"{RICH}/customer", f"{RICH}/customer/send", data, status=status)
    assert seller.last is not None
    page = seller.read(seller.last, status)
    assert said in page.get_text()
    assert "Keep this." in page.find("textarea").get_text()  # type: ignore[union-attr]


def test_a_deal_goes_to_signature_seal_customer_and_support(
    shop: Flask, seller: StrictClient
) -> None:
    link, _ = send(seller)
    press(seller, f"{RICH}/customer", f"{RICH}/customer/stage/prepare", {})
    assert "Seal version 1" not in seller.get(f"{RICH}/customer").get_text()
    assert "There is no contract yet" in seller.get(f"{RICH}/contract").get_text()
    counsel = StrictClient(sign_in_as(shop, "general_counsel"))
    seal, page = f"{RICH}/customer/seal", f"{RICH}/customer"
    given = {"by": "Ramona Example", "seen": "1"}
    press(counsel, page, seal, {**given, "on": "2019-01-01"}, status=409)
    press(counsel, page, seal, {**given, "on": "yesterday"}, status=422)
    day = shop.extensions[EXTENSION].clock.now().date().isoformat()
    assert press(counsel, page, seal, {**given, "on": day}) == f"{RICH}/contract"
    sealed = counsel.get(f"{RICH}/contract")
    assert "development certificate" in sealed.get_text()
    assert "Signed" in sealed.select_one(".dealtitle").get_text()  # type: ignore[union-attr]
    assert "nothing is left to do" in sealed.select_one("aside").get_text()  # type: ignore[union-attr]
    check_hand_over(shop, link)
    counsel.post(seal, {**given, "on": day}, status=400)


def check_hand_over(shop: Flask, link: str) -> None:
    support = StrictClient(sign_in_as(shop, "support_head"))
    rows = support.get(f"{RICH}/contract").select("main tbody tr")
    got = {row.a.get_text(): support.client.get(str(row.a["href"])).data for row in rows}  # type: ignore[union-attr, index]
    assert sorted(got) == [
        "executed-agreement.docx", "executed-agreement.evidence.json", "executed-agreement.pdf",
        "sla-terms.json",
    ]  # fmt: skip
    assert len(json.loads(got["sla-terms.json"])["text_sha256"]) == 64
    customer = visitor(shop)
    page = customer.get(link)
    assert "Executed on" in page.get_text()
    assert "proves that nothing was changed, and not who sealed it" in page.get_text()
    for address in (str(found["href"]) for found in page.select("a.offer")):
        assert customer.client.get(address).data == got[address.rpartition("/")[2]]
    evidence = f"{link}/executed-agreement.evidence.json"
    assert customer.client.get(evidence).status_code == 404
    for role, status in (("administrator", 403), ("account_executive", 200)):
        client = sign_in_as(shop, role)
        assert client.get(f"{RICH}/contract/sla-terms.json").status_code == status
    blank = shop.test_client().get(f"{RICH}/contract/sla-terms.json")
    assert blank.status_code == 302


def test_a_lost_deal_says_why_and_is_taken_up_again(shop: Flask) -> None:
    desk = StrictClient(sign_in_as(shop, "deal_desk"))
    page = "/deals/FREIGHT-2027-003/customer"
    press(desk, page, f"{page}/stage/lose", {"reason": "x" * 5000}, status=422)
    press(desk, page, f"{page}/stage/lose", {"reason": "They bought elsewhere."})
    found = desk.get(page)
    assert "It was closed as lost." in found.get_text()
    assert "They bought elsewhere." in desk.get("/deals/FREIGHT-2027-003/activity").get_text()
    assert "Send version" not in found.get_text()
    press(desk, page, f"{page}/stage/revive", {})
    assert "This version is not with the customer" in desk.get(page).get_text()
    press(desk, page, f"{page}/stage/seal", {}, status=404)
    press(desk, page, f"{page}/stage/reopen", {}, status=409)


def administrator(shop: Flask) -> FlaskClient:
    return sign_in_as(shop, "administrator")


def test_administrators_see_jobs_and_mail_without_the_readers_link(
    shop: Flask, seller: StrictClient
) -> None:
    # Once the deal is sealed nothing more is sent; then something was sent before.
    if "Holds" not in seller.get(f"{RICH}/customer").get_text():
        send(seller)
    work(shop)
    browser = StrictClient(administrator(shop))
    page = browser.get("/jobs?state=held")
    assert "No mail server is set" in page.get_text()
    desk: Desk = shop.extensions[EXTENSION]
    with sessions(desk.engine)() as session:
        mail = session.scalars(select(MailRow).where(MailRow.template == "agreement-sent")).first()
        assert mail is not None
        assert mail.secrets is not None
        link = json.loads(mail.secrets)["link"]
    text = browser.get(f"/jobs/{mail.job_id}")
    assert "Read it and download it" in text.get_text()
    assert link not in str(text)
    assert "Its link is its reader's alone" in text.get_text()
    press(browser, f"/jobs/{mail.job_id}", f"/jobs/{mail.job_id}/again", {})
    with sessions(desk.engine)() as session:
        assert session.get_one(JobRow, mail.job_id).state == "waiting"
    browser.post(f"/jobs/{mail.job_id}/again", {}, status=400)
    assert Path(desk.settings.var, "queue.db").exists()


def test_letters_that_the_fonts_lack_are_told_to_the_deals_people(
    shop: Flask, seller: StrictClient
) -> None:
    new = "/deals/new/scratch"
    page = seller.get(new)
    kept = {
        name: str(page.find("input", attrs={"name": name})["value"])  # type: ignore[index]
        for name in ("csrf_token", "form_key")
    }
    typed = {
        "customer": "Muster 契約 AG", "title": "Letters", "agreement": "enterprise", "sku": "TEAM",
        "quantity": "1", "currency": "USD", "start": "2027-01-01", "months": "12",
        "billing": "annual_advance",
    }  # fmt: skip
    made = seller.post(new, {**kept, **typed}, status=303).headers["Location"]
    deal = made.removesuffix("/order-form/edit")
    press(seller, f"{deal}/downloads", f"{deal}/downloads", {})
    work(shop)
    for at in (f"{deal}/downloads", f"{deal}/customer"):
        told = seller.get(at).get_text(" ")
        assert "no glyph for 契 (U+5951), 約 (U+7D04)" in told
        assert "Muster 契約 AG" in told
        assert "Write it in other letters, or have an administrator" in told
