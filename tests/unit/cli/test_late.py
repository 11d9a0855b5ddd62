"""Commands that are loaded when called: all are listed, and quick ones stay quick."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from dealdesk.cli.late import LATE
from dealdesk.cli.main import main

# What takes long to load, and which commands do without.
HEAVY = ("sqlalchemy", "pyhanko", "pikepdf", "holidays", "lxml", "flask", "jsonschema", "requests")
QUICK = {
    "--help": HEAVY,
    "sla --help": HEAVY,
    "sla due --help": tuple(one for one in HEAVY if one != "jsonschema"),
    "quote --help": tuple(one for one in HEAVY if one not in {"jsonschema", "lxml"}),
    "serve --help": ("pyhanko", "pikepdf", "holidays", "flask"),
}


def test_help_lists_every_command() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    assert all(f"\n  {name} " in told for name in LATE)


@pytest.mark.parametrize("call", QUICK)
def test_quick_commands_load_nothing_that_takes_long(call: str) -> None:
    code = (
        "import sys\nfrom dealdesk.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nfinally:\n    print('loaded', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *call.split()], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.rpartition("loaded")[2].split())
    assert sorted(loaded & set(QUICK[call])) == []
