"""What the list of commands says of each is what the command says of itself."""

import click
import pytest

from dealdesk.cli.late import LateCommands
from dealdesk.cli.library import library_commands
from dealdesk.cli.main import main
from dealdesk.cli.sla import sla

GROUPS = {"dealdesk": main, "sla": sla, "library": library_commands}


@pytest.mark.parametrize("name", GROUPS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    group = GROUPS[name]
    assert isinstance(group, LateCommands)
    context = click.Context(group)
    for command, late in group.late.items():
        found = group.get_command(context, command)
        assert found is not None
        assert found.help is not None
        assert late.help == " ".join(found.help.partition("\n\n")[0].split()), command
