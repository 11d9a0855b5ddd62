"""`dealdesk docx …` from the command line."""

import json
from importlib.resources import files

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from dealdesk.cli.docx import docx_commands
from dealdesk.documents.docx.redline import write_tracked_replacements
from tests.documents.docx.sample import AT, COUNSEL, CREDIT, TARGET, sample_docx

SCHEMAS = files("dealdesk.documents.docx") / "schemas"


def run(*args):
    return CliRunner().invoke(docx_commands, [str(a) for a in args])


@pytest.fixture
def paths(tmp_path):
    sent, back = tmp_path / "sent.docx", tmp_path / "back.docx"
    sent.write_bytes(sample_docx())
    changes = [(CREDIT, "5%", "15%"), ("liability/cap", "Fees of the year", "Fees")]
    back.write_bytes(write_tracked_replacements(sample_docx(), changes, COUNSEL, AT))
    return sent, back


def checked(result, schema):
    answer = json.loads(result.stdout)
    validator = Draft202012Validator(json.loads((SCHEMAS / f"{schema}.json").read_text()))
    validator.validate(answer)
    return answer


def test_changes_are_listed_for_people(paths):
    result = run("changes", paths[1])
    assert result.exit_code == 0
    assert "uptime/credit-table" in result.stdout
    assert "24 Nov 2026" in result.stdout


def test_changes_follow_their_published_schema(paths):
    sent, back = paths
    answer = checked(run("changes", back, "--sent", sent, "--json"), "docx-changes-1")
    assert [c["new"] for c in answer["changes"]] == ["15%", "Fees"]
    assert answer["untracked"] == []
    assert checked(run("changes", back, "--json"), "docx-changes-1")["untracked"] is None


def test_text_is_printed_in_three_views(paths):
    _, back = paths
    assert "| 5%" in run("text", back, "--view", "base").stdout
    assert "| 15%" in run("text", back, "--view", "final").stdout
    assert "[-5%-]{+15%+}" in run("text", back, "--view", "markup").stdout
    checked(run("text", back, "--json"), "docx-text-1")


def test_one_change_is_accepted_and_the_other_stays(paths, tmp_path):
    _, back = paths
    ids = [c["id"] for c in json.loads(run("changes", back, "--json").stdout)["changes"]]
    out = tmp_path / "out.docx"
    assert run("accept", back, "-o", out, "--change", ids[0]).exit_code == 0
    assert "15%" in run("text", out, "--view", "base").stdout
    left = json.loads(run("changes", out, "--json").stdout)["changes"]
    assert [c["id"] for c in left] == ids[1:]
    assert run("reject", out, "-o", out).exit_code == 0
    assert "Fees of the year" in run("text", out).stdout


def test_a_file_that_is_no_word_document_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(b"hello")
    result = run("text", path)
    assert result.exit_code == 2
    assert "x.docx: The file is not a Word document (.docx)." in result.stderr


def test_an_unknown_change_is_refused(paths, tmp_path):
    result = run("accept", paths[1], "-o", tmp_path / "o.docx", "--change", "body-1")
    assert result.exit_code == 2
    assert "carries no change body-1" in result.stderr
    assert not (tmp_path / "o.docx").exists()


def test_the_value_control_names_the_value(paths):
    answer = json.loads(run("changes", paths[1], "--json").stdout)
    assert answer["changes"][0]["place"]["value"] == str(CREDIT)
    assert str(TARGET) == "uptime/target"


def test_two_files_are_compared_and_the_result_lists_the_changes(paths, tmp_path):
    sent, back = paths
    out = tmp_path / "out.docx"
    clean = tmp_path / "clean.docx"
    run("accept", back, "-o", clean)
    result = run("compare", sent, clean, "-o", out, "--author", "Us", "--at", "2026-11-24T10:00:00")
    assert result.exit_code == 0, result.stderr
    changes = json.loads(run("changes", out, "--json").stdout)["changes"]
    assert [(c["old"], c["new"], c["author"]) for c in changes] == [
        ("5%", "15%", "Us"),
        (" of the year", "", "Us"),
    ]


def test_our_changes_and_comments_are_added_to_their_file(paths, tmp_path):
    order, out = tmp_path / "order.json", tmp_path / "out.docx"
    wanted = {
        "schema_version": "docx-redline/1",
        "author": "Us",
        "at": "2026-11-25T10:00:00Z",
        "changes": [{"value": str(TARGET), "old": "99.9", "new": "99.5"}],
        "comments": [{"block": "uptime/note", "on": "penalties", "text": "Agreed on the call."}],
    }
    order.write_text(json.dumps(wanted))
    result = run("redline", paths[1], "--changes", order, "-o", out)
    assert result.exit_code == 0, result.stderr
    answer = checked(run("changes", out, "--json"), "docx-changes-1")
    assert {c["author"] for c in answer["changes"]} == {"Us", COUNSEL}
    (comment,) = answer["comments"]
    assert (comment["author"], comment["quoted"]) == ("Us", "penalties")
    assert comment["places"][0]["block"] == "uptime/note"


def test_a_faulty_order_is_refused_with_all_its_faults(paths, tmp_path):
    order = tmp_path / "order.json"
    order.write_text('{"schema_version": "docx-redline/1", "x": 1}')
    result = run("redline", paths[1], "--changes", order, "-o", tmp_path / "o.docx")
    assert result.exit_code == 2
    assert "author" in result.stderr
    assert "x" in result.stderr
