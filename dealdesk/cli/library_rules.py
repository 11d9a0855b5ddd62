"""`dealdesk library rules`: every rule of the linters, as a table, as JSON, or as the guide."""

from collections.abc import Iterator

import click

from dealdesk.cli.edge import as_json, columns, emit
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.rule_registry import SUBJECTS, RegisteredRule, all_rules

_TABLE_HEAD = "| rule | level | what holds | remedy |\n|---|---|---|---|\n"
_INTRODUCTION = """# What the linters find

This page is written by `dealdesk library rules --markdown`; `./run test` holds it to the rules.
An error makes a lint answer "no" and keeps a deal from being sealed; a warning or an info asks for
a look. `dealdesk library lint` reads the files of a library, assembles each position and lints the
SLA terms that come out; `dealdesk text lint FILE` reads contract text of any origin (.docx, .md,
.txt); `dealdesk quote` and `dealdesk agreement build` hold a deal against the rules on deals, on
SLA terms, and on the words of its own text.
"""


@click.command("rules")
@click.option("--markdown", is_flag=True, help="Print the guide that stands in docs.")
@as_json
def rules(*, markdown: bool, as_json: bool) -> None:
    """List every rule with its level, what holds and what to do."""
    found = all_rules()
    if markdown:
        click.echo(guide(found), nl=False)
        return
    answer: dict[str, Json] = {
        "schema_version": "library-rules/1",
        "rules": [_json(rule) for rule in found],
    }
    rows = [[r.subject, r.id, r.level.value, r.explanation, r.remedy] for r in found]
    table = columns(["Subject", "Rule", "Level", "What holds", "Remedy"], rows)
    emit(answer, table, json_wanted=as_json)


def _json(rule: RegisteredRule) -> Json:
    return {
        "subject": rule.subject,
        "id": rule.id,
        "level": rule.level.value,
        "explanation": rule.explanation,
        "remedy": rule.remedy,
        "failing": rule.failing,
        "passing": rule.passing,
    }


def guide(found: tuple[RegisteredRule, ...]) -> str:
    """Return the guide to all rules as Markdown, with its samples."""
    return _INTRODUCTION + "".join(_section(subject, found) for subject in SUBJECTS)


def _section(subject: str, found: tuple[RegisteredRule, ...]) -> str:
    own = [rule for rule in found if rule.subject == subject]
    head = f"\n## On {SUBJECTS[subject]}\n\n{_TABLE_HEAD}"
    rows = "".join(f"| `{r.id}` | {r.level} | {r.explanation} | {r.remedy} |\n" for r in own)
    return head + rows + "".join(_samples(own))


def _samples(own: list[RegisteredRule]) -> Iterator[str]:
    for rule in own:
        if rule.failing:
            yield f"\n`{rule.id}` fails on\n\n{_block(rule.failing)}\nand passes\n\n"
            yield _block(rule.passing)


def _block(sample: str) -> str:
    # Characters that can't be seen are shown by their numbers: a reader has to see the fault.
    shown = "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in sample)
    return "".join(f"    {line}\n" if line else "\n" for line in shown.splitlines())
