"""Ids and numbers larger than any database keeps are not found, and words with hidden signs are said."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask

from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION
from tests.web.conftest import seeded_settings
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient

HUGE = "9" * 20


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    application = create_app(seeded_settings(tmp_path_factory.mktemp("large")))
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    application.extensions[EXTENSION].engine.dispose()


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("account_executive", f"/accounts/{HUGE}"),
        ("engineering", f"/queue/{HUGE}"),
        ("commercial_counsel", f"/library/drafts/{HUGE}"),
        ("administrator", f"/jobs/{HUGE}"),
        ("administrator", f"/people/{HUGE}"),
        ("auditor", f"/audit?before={HUGE}"),
    ],
)
def test_an_id_that_is_too_large_is_not_found(desk: Flask, role: str, address: str) -> None:
    page = StrictClient(sign_in_as(desk, role)).get(address, status=404)
    assert "Check the address" in page.get_text()


def test_a_session_that_is_too_large_is_not_found(desk: Flask) -> None:
    client = sign_in_as(desk, "auditor")
    assert client.post(f"/account/sessions/{HUGE}/end").status_code == 404


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_said_and_never_guessed_at(
    desk: Flask, encoding: str
) -> None:
    client = sign_in_as(desk, "account_executive")
    data = {"file": (io.BytesIO("title: Müller".encode(encoding)), "deal.yaml"), "form_key": "k"}
    answer = client.post("/deals/new/file", data=data, content_type="multipart/form-data")
    page = StrictClient(client).read(answer, 422)
    assert "The file is not UTF-8 text (byte" in page.get_text()


def test_a_name_with_a_sign_that_turns_words_round_is_said(desk: Flask) -> None:
    client = sign_in_as(desk, "administrator")
    fields = {"name": "Ann \u202eexample", "email": "ann@example.com", "roles": "risk"}
    page = StrictClient(client).read(client.post("/people", data=fields), 422)
    assert "The name holds a character that can't be seen (U+202E)." in page.get_text()
