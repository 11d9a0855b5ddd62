"""Who opens a form of a deal that they, or nobody, can change is told so at once."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from dealdesk.deals.models import ColleagueRow, DealRow, Stage
from dealdesk.identity.models import UserRow
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION
from tests.web.conftest import NOW, seeded_settings
from tests.web.personas import PERSONAS, sign_in_as, writing
from tests.web.strict import StrictClient

OWN, OTHER = "PLACEHOLDER-2027-001", "NOTIONAL-2028-001"
FORMS = ("order-form/edit", "details")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    application = create_app(seeded_settings(tmp_path_factory.mktemp("closed")))
    yield application
    application.extensions[EXTENSION].engine.dispose()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stage", [Stage.SIGNED, Stage.LOST])
def test_a_closed_deal_shows_no_form(house: Flask, form: str, stage: Stage) -> None:
    with writing(house) as session:
        row = session.scalars(select(DealRow).where(DealRow.number == OWN)).one()
        row.stage = stage.value
    browser = StrictClient(sign_in_as(house, "account_executive"))
    page = browser.get(f"/deals/{OWN}/{form}", status=409)
    assert f"stands at “{stage.value.title()}” and is not changed any more" in page.get_text()
    assert page.select_one("form[data-keep]") is None
    with writing(house) as session:
        session.scalars(select(DealRow).where(DealRow.number == OWN)).one().stage = "draft"
    assert browser.get(f"/deals/{OWN}/{form}").select_one("form[data-keep]") is not None


@pytest.mark.parametrize("form", FORMS)
def test_who_may_only_read_is_told_so_and_others_learn_nothing(house: Flask, form: str) -> None:
    browser = StrictClient(sign_in_as(house, "account_executive"))
    address = f"/deals/{OTHER}/{form}"
    assert f"There is no deal {OTHER}" in browser.get(address, status=404).get_text()
    with writing(house) as session:
        deal = session.scalars(select(DealRow).where(DealRow.number == OTHER)).one()
        email = PERSONAS["account_executive"]
        reader = session.scalars(select(UserRow).where(UserRow.email == email)).one()
        shared = ColleagueRow(
            deal_id=deal.id, user_id=reader.id, level="read", given_by=None, given_at=NOW
        )
        session.add(shared)
    page = browser.get(address, status=403)
    assert "You may read this deal, not change it." in page.get_text()
    assert page.select_one("form[data-keep]") is None
    with writing(house) as session:
        for one in session.scalars(select(ColleagueRow)):
            session.delete(one)
