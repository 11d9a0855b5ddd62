"""Whether the terms in a file name the text that the file prints."""

import json

from dealdesk.signing.verification import compare_terms, printed_fingerprints

HASH = "ab" * 32
TERMS = json.dumps({"text_sha256": HASH}).encode()


def test_fingerprints_are_found_whole_or_shortened_wherever_the_line_breaks() -> None:
    text = f"Text SHA-256 {HASH}\nPage 1\nText\nSHA-256: {HASH[:16]}…"
    assert printed_fingerprints(text) == (HASH[:16], HASH)


def test_terms_agree_when_every_printed_fingerprint_is_theirs() -> None:
    assert compare_terms(TERMS, (HASH[:16], HASH)).agrees is True


def test_one_foreign_fingerprint_is_a_disagreement() -> None:
    report = compare_terms(TERMS, (HASH, "cd" * 32))
    assert report.agrees is False
    assert "another text" in report.message


def test_no_fingerprint_and_terms_without_a_text_disagree() -> None:
    assert compare_terms(TERMS, ()).agrees is False
    assert compare_terms(b"{}", (HASH,)).agrees is False
