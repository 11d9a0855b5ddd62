"""What we depend on is decided, locked with hashes, and the same for tests and product."""

import re

import pytest

from tests.architecture.source import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-compare.txt")


def wanted(name: str) -> set[str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {re.split(r"[\[<>=; ]", line)[0] for line in lines if line and line[0] not in "#-"}


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+) \\$", text, re.MULTILINE))


def test_whatever_is_wanted_is_locked() -> None:
    assert wanted("requirements.in") <= set(pinned("requirements.txt"))
    assert wanted("requirements-dev.in") <= set(pinned("requirements-dev.txt"))
    assert wanted("requirements-compare.in") <= set(pinned("requirements-compare.txt"))
    assert not wanted("requirements-compare.in") & set(pinned("requirements.txt"))


def test_tests_run_on_what_the_product_runs_on() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_lock_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pinned(lock))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "adr" / "0001-dependencies.md").read_text("utf-8").lower()
    called = {"pyyaml": "pyyaml", "psycopg": "psycopg 3"}
    assert [n for n in sorted(wanted("requirements.in")) if called.get(n, n) not in reasons] == []


def test_every_decision_is_in_the_index_under_its_own_title() -> None:
    folder = ROOT / "docs" / "adr"
    index = re.findall(
        r"^(\d+)\. \[(.+)\]\((.+)\)$", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
    pages = sorted(path.name for path in folder.glob("0*.md"))
    assert [name for _, _, name in index] == pages
    for number, title, name in index:
        assert (folder / name).read_text("utf-8").startswith(f"# {number}. {title}\n")
        assert int(name[:4]) == int(number)
