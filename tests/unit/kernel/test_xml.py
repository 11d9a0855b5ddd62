"""The one XML parser: hostile input is refused in a sentence, and nothing outside is read."""

from pathlib import Path

import pytest

from dealdesk.kernel.xml import XmlError, parse_xml

DEEP = 20_000


def test_plain_xml_is_read_with_its_words() -> None:
    root = parse_xml("<a><b>größer &amp; kleiner</b></a>".encode(), "The part")
    assert root.findtext("b") == "größer & kleiner"


def test_a_document_type_is_refused_in_any_encoding(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", "utf-8")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a>&x;</a>'
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(XmlError, match="document type") as raised:
            parse_xml(text.encode(encoding), "The part")
        assert "hidden" not in str(raised.value)


def test_a_bomb_of_entities_is_refused() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "ha">{levels}]><a>&e11;</a>'
    with pytest.raises(XmlError):
        parse_xml(bomb.encode(), "The part")


@pytest.mark.parametrize(
    "data",
    [b"", b"not xml", b"<a>", b"\x00\x01", b"<a>" * DEEP + b"</a>" * DEEP, b"<a>&unknown;</a>"],
)
def test_what_is_not_xml_is_a_sentence_that_names_it(data: bytes) -> None:
    with pytest.raises(XmlError, match="The part is not XML that we read"):
        parse_xml(data, "The part")
