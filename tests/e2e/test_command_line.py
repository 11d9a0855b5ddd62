"""The commands as a user calls them: products, exit status, and sentences instead of tracebacks."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOME = tempfile.mkdtemp(prefix="dealdesk-home-")
DEAL = ROOT / "demo" / "deals" / "placeholder-robotics.yaml"
PRODUCTS = {
    "agreement-draft.pdf", "agreement-sent.docx", "agreement-redlined.docx", "agreement.docx",
    "agreement.pdf", "agreement.evidence.json", "agreement.txt", "sla-terms.json",
    "approvals.json", "index.html",
}  # fmt: skip


def dealdesk(
    *arguments: object, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dealdesk", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=180,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": HOME, "LANG": "C.UTF-8",
             **(env or {})},
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    done = dealdesk("agreement", "build", DEAL, "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_demo_leaves_its_products(tmp_path: Path) -> None:
    done = dealdesk("demo", "--no-serve", "--out", tmp_path / "demo")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "demo").iterdir()} >= PRODUCTS
    assert "severity/matrix.sev1.response is now 20 minutes (was 30 minutes)" in done.stdout
    assert "is sealed at level B-B" in done.stdout
    terms = json.loads((tmp_path / "demo" / "sla-terms.json").read_text("utf-8"))
    assert terms["targets"][0]["amount"] == {"kind": "elapsed", "seconds": 1200}
    verified = dealdesk("verify", tmp_path / "demo" / "agreement.pdf")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    if shutil.which("pdfsig"):
        signed = subprocess.run(
            ["pdfsig", tmp_path / "demo" / "agreement.pdf"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Signature is Valid" in signed.stdout


def test_the_demo_works_from_any_folder_also_with_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    done = dealdesk("quote", DEAL, cwd=folder)
    assert done.returncode == 0
    assert "USD 720,990.00" in done.stdout


def test_text_terms_and_documents_agree(built: Path) -> None:
    for name in ("agreement.pdf", "agreement.docx"):
        assert dealdesk("sla", "parity", built / name).returncode == 0
    text = dealdesk("sla", "parity", built / "agreement.txt", built / "sla-terms.json")
    assert text.returncode == 0, text.stdout


def test_a_deal_with_open_approvals_is_a_draft_that_is_not_sealed(tmp_path: Path) -> None:
    deal = ROOT / "demo" / "deals" / "sample-freight.yaml"
    done = dealdesk("agreement", "build", deal, "--out", tmp_path)
    assert done.returncode == 1
    assert "has to decide" in done.stderr
    assert "marked as a draft" in done.stderr
    assert json.loads((tmp_path / "manifest.json").read_text())["draft"] is True
    sealed = dealdesk("seal", tmp_path)
    assert sealed.returncode == 1
    assert "has to decide" in sealed.stderr
    assert not list(tmp_path.glob("*sealed*"))


def test_bytes_behind_a_sealed_file_have_a_sentence_of_their_own(
    built: Path, tmp_path: Path
) -> None:
    shutil.copytree(built, tmp_path / "built")
    sealed = tmp_path / "built" / "agreement-sealed.pdf"
    assert dealdesk("seal", tmp_path / "built").returncode == 0
    assert dealdesk("verify", sealed).returncode == 0
    sealed.write_bytes(sealed.read_bytes() + b"17 bytes of mine\n")
    done = dealdesk("verify", sealed)
    assert done.returncode == 1
    assert "17 bytes stand behind the end of the document: no signature covers them" in done.stdout
    told = json.loads(dealdesk("verify", sealed, "--json").stdout)
    assert (told["appended_bytes"], told["valid"]) == (17, False)
    assert [one["valid"] for one in told["signatures"]] == [True]


@pytest.mark.parametrize("command", ["changes", "compare"])
def test_of_two_word_files_the_one_that_cannot_be_read_is_named(
    command: str, built: Path, tmp_path: Path
) -> None:
    word, pdf = built / "agreement.docx", built / "agreement.pdf"
    calls = {
        "changes": [word, "--sent", pdf],
        "compare": [word, pdf, "-o", tmp_path / "out.docx", "--author", "A. Sample"],
    }
    done = dealdesk("docx", command, *calls[command])
    assert done.returncode == 2
    assert f"{pdf}: The file is not a Word document" in done.stderr
    assert str(word) not in done.stderr


def test_a_day_outside_the_term_is_said(built: Path) -> None:
    asked = ["--severity", "sev1", "--at"]
    early = dealdesk("sla", "due", built / "sla-terms.json", *asked, "2027-06-30T23:59Z")
    assert early.returncode == 0
    assert "2027-06-30 is outside the term, which runs from 2027-07-01 to" in early.stdout
    first = dealdesk("sla", "due", built / "sla-terms.json", *asked, "2027-07-01T00:00Z")
    assert "outside" not in first.stdout


def test_a_taken_port_gets_a_sentence(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/desk.db", "DEALDESK_VAR": str(tmp_path)}
    assert dealdesk("db", "upgrade", env=env).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = dealdesk("serve", "--port", port, env=env)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Port {port} is taken, perhaps by another DealDesk. Stop what uses it, or choose"
        f" another: ./run serve --port {port + 1}\n"
    )


def test_due_times_are_printed(built: Path) -> None:
    done = dealdesk(
        "sla",
        "due",
        built / "sla-terms.json",
        "--severity",
        "sev1",
        "--at",
        "2028-03-10T16:30-06:00",
        "--json",
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["due"]["first_response"] == "2028-03-10T23:00:00+00:00"


def test_availability_is_reported(built: Path) -> None:
    done = dealdesk(
        "availability", "report", "--terms", built / "sla-terms.json", "--history", ROOT / "demo" / "history.json",
        "--period", "2027-09", "--fee", "1000.00 USD", "--json",
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["down_seconds"] == "1560"
    assert answer["credit"] == {"amount": "50.00", "currency": "USD"}
    assert answer["removed_seconds"] == 10_800


BAD_DEALS = {
    "not yaml": ("a: [", "This is not YAML"),
    "bomb": ("a: &a [x]\nb: *a\n", "alias"),
    "no text": ("\x00\x01", "zero bytes"),
    "empty": ("", "deal.yaml"),
    "unknown key": (DEAL.read_text("utf-8") + "\ncolour: red\n", "colour"),
    "unknown clause": (DEAL.read_text("utf-8").replace("  uptime:\n", "  uptimes:\n"), "uptimes"),
    "unknown position": (DEAL.read_text("utf-8").replace("position: fallback-2", "position: fallback-9"), "fallback-9"),
    "no such date": (DEAL.read_text("utf-8").replace("2027-07-01", "2027-02-30"), "2027-02-30"),
    "too many decimals": (DEAL.read_text("utf-8").replace("fee: 36000.00 USD", "fee: 36000.001 USD"), "more decimals than USD has"),
    "hidden character": (DEAL.read_text("utf-8").replace("Casey Beispiel", "Casey\u202eBeispiel"), "U+202E"),
    "blank": (DEAL.read_text("utf-8").replace("manager: Casey Beispiel", "manager: ''"), "blank"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(BAD_DEALS))
def test_a_bad_deal_file_gets_a_sentence_with_its_line(case: str, tmp_path: Path) -> None:
    text, says = BAD_DEALS[case]
    deal = tmp_path / "deal.yaml"
    deal.write_text(text, "utf-8")
    done = dealdesk("agreement", "build", deal, "--out", tmp_path / "out")
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr
    assert "deal.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["quote", "absent.yaml"], "absent.yaml"),
        (["verify", str(DEAL)], "PDF"),
        (["seal", "."], "manifest"),
        (["sla", "lint", str(DEAL)], "not JSON"),
        (["sla", "parity", str(DEAL)], "not compared"),
        (["docx", "text", str(DEAL)], "Word"),
        (["agreement", "build"], "DEAL_FILE"),
        (["no-such-command"], "no-such-command"),
    ],
)
def test_a_wrong_call_gets_a_sentence(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = dealdesk(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
