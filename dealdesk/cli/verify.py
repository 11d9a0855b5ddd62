"""`dealdesk verify`: what the signatures of a file prove."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from dealdesk.cli.edge import NO, as_json, emit, existing_file
from dealdesk.kernel.errors import DomainError, Place
from dealdesk.kernel.hashing import Json
from dealdesk.signing.certificates import load_certificates
from dealdesk.signing.docx_verification import DocxVerification, verify_docx
from dealdesk.signing.signature_reports import Kind, SignatureReport
from dealdesk.signing.verification import TermsReport, Verification, verify_pdf

_PDF_HEAD = 1024


@click.command("verify")
@click.argument("file", type=existing_file)
@click.option("--trust", type=existing_file, help="PEM of trusted roots; others then fail.")
@as_json
def verify(file: Path, *, trust: Path | None, as_json: bool) -> None:
    """Say what every signature in FILE proves, and whether its text and terms agree.

    FILE is a sealed PDF or DOCX. Exit status 1 when there is no signature, one doesn't hold,
    --trust doesn't lead to a signer, or text and terms disagree.
    """
    data, now = file.read_bytes(), datetime.now(UTC)
    roots = load_certificates(trust) if trust else ()
    if data.startswith(b"PK"):
        docx = verify_docx(data, now=now, trusted=roots)
        is_proved = docx.is_valid and (docx.is_trusted or not trust)
        table = _docx_table(docx, is_proved=is_proved, has_roots=bool(trust))
        emit(docx_answer(docx), table, json_wanted=as_json)
        sys.exit(0 if is_proved else NO)
    if b"%PDF-" not in data[:_PDF_HEAD]:
        raise DomainError.of(
            "neither-pdf-nor-docx",
            "The file is neither a PDF nor a DOCX.",
            place=Place(file=str(file)),
        )
    found = verify_pdf(data, now=now, trusted=roots)
    untrusted = _untrusted(found) if trust else ()
    emit(pdf_answer(found), _pdf_table(found, untrusted), json_wanted=as_json)
    sys.exit(0 if found.is_valid and not untrusted else NO)


def pdf_answer(found: Verification) -> dict[str, Json]:
    """Return the verification/1 answer for a PDF."""
    return {
        "schema_version": "verification/1",
        "valid": found.is_valid,
        "signatures": [_signature(report) for report in found.signatures],
        "terms": _terms(found.terms) if found.terms else None,
        "appended_bytes": found.appended,
    }


def docx_answer(found: DocxVerification) -> dict[str, Json]:
    """Return the verification/1 answer for a DOCX; it has one signature or none."""
    signature: dict[str, Json] = {
        "field": "",
        "kind": str(Kind.SEAL),
        "level": None,
        "signer": found.signer,
        "development": found.is_development,
        "trusted": found.is_trusted,
        "valid": found.is_valid,
        "changes": "nothing" if found.is_valid else "unknown",
        "signed_at": _instant(found.signed_at),
        "time_stamped_at": None,
        "problem": " ".join(found.problems),
    }
    return {
        "schema_version": "verification/1",
        "valid": found.is_valid,
        "signatures": [signature] if found.signer else [],
        "terms": None,
        "appended_bytes": 0,
    }


def _signature(report: SignatureReport) -> dict[str, Json]:
    return {
        "field": report.field,
        "kind": str(report.kind),
        "level": str(report.level) if report.level else None,
        "signer": report.signer,
        "development": report.is_development,
        "trusted": report.is_trusted,
        "valid": report.is_valid,
        "changes": str(report.changes),
        "signed_at": _instant(report.signed_at),
        "time_stamped_at": _instant(report.time_stamped_at),
        "problem": report.problem,
    }


def _terms(terms: TermsReport) -> dict[str, Json]:
    return {
        "text_sha256": terms.text_sha256,
        "printed": list(terms.printed),
        "agrees": terms.agrees,
        "message": terms.message,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _untrusted(found: Verification) -> tuple[SignatureReport, ...]:
    return tuple(report for report in found.signatures if not report.is_trusted)


def _pdf_table(found: Verification, untrusted: tuple[SignatureReport, ...]) -> str:
    lines = [line for report in found.signatures for line in _report_lines(report)]
    if not found.signatures:
        lines.append("The file carries no signature.")
    lines += [_not_trusted(report) for report in untrusted]
    if found.appended:
        lines.append(_appended_words(found.appended))
    if found.terms:
        lines.append(f"Terms: {found.terms.message}")
    lines.append("Valid." if found.is_valid and not untrusted else "Not valid.")
    return "\n".join(lines)


def _appended_words(count: int) -> str:
    stand = "1 byte stands" if count == 1 else f"{count:,} bytes stand"
    return (
        f"{stand} behind the end of the document: no signature covers them, and the sealed file"
        " had none. Ask for the file anew."
    )


def _report_lines(report: SignatureReport) -> list[str]:
    level = f", level {report.level}" if report.level else ""
    lines = [f"{str(report.kind).capitalize()} “{report.field}”{level}, by {report.signer}"]
    if report.signed_at:
        lines.append(f"  Signed {_words(report.signed_at)}, by the signer's own clock")
    if report.time_stamped_at:
        lines.append(f"  Time-stamped {_words(report.time_stamped_at)}")
    lines.append(f"  {report.problem or 'The signature holds.'}")
    lines.append(f"  Added since: {report.changes}")
    lines.append(f"  {_trust_words(report)}")
    return lines


def _trust_words(report: SignatureReport | DocxVerification) -> str:
    if report.is_trusted:
        return "The signer is trusted."
    if report.is_development:
        return "A development certificate: anyone can make one, so it doesn't prove who sealed it."
    return "Whether the signer is who it says was not proved; give the roots you trust by --trust."


def _docx_table(found: DocxVerification, *, is_proved: bool, has_roots: bool) -> str:
    if not found.signer:
        return "\n".join([*found.problems, "Not valid."])
    lines = [f"Seal by {found.signer}"]
    if found.signed_at:
        lines.append(f"  Signed {_words(found.signed_at)}, by the signer's own clock")
    lines += [f"  {problem}" for problem in found.problems or ("The signature holds.",)]
    lines.append(f"  {_trust_words(found)}")
    if has_roots and not found.is_trusted:
        lines.append(_not_trusted(found))
    return "\n".join([*lines, "Valid." if is_proved else "Not valid."])


def _not_trusted(report: SignatureReport | DocxVerification) -> str:
    return f"{report.signer} is not trusted by the given roots."


def _words(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
