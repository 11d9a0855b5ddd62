"""`dealdesk library statistics`: how long the text is, and how hard it reads."""

from pathlib import Path

import click

from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.edge import as_json, columns, emit, existing_dir
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.library_statistics import Reading, Statistics, statistics

_HEAD = ("Position", "Words", "Sentences", "Words a sentence", "Longest", "Ease", "Grade")


@click.command("statistics")
@click.argument("folder", type=existing_dir, default=DEFAULT_LIBRARY)
@as_json
def statistics_command(folder: Path, *, as_json: bool) -> None:
    """Count words and measure how each position reads, with sample values.

    Ease is Flesch's (100 easy, 0 hard), grade Kincaid's (years of school).
    """
    found = statistics(load_library(folder))
    emit(statistics_json(found), statistics_text(found), json_wanted=as_json)


def statistics_text(found: Statistics) -> str:
    """Return the figures for people."""
    ranks = ", ".join(f"{count} {rank.value.replace('_', '-')}" for rank, count in found.ranks)
    head = (
        f"{found.families} families, {found.clauses} clauses ({found.reviewed} reviewed by "
        f"counsel), {found.variables} variables, {found.redlines} usual redlines; "
        f"positions: {ranks}."
    )
    rows = [
        [f"{one.clause}:{one.position}", *reading_cells(one.reading)] for one in found.positions
    ]
    return f"{head}\n\n{columns(_HEAD, [*rows, ['all', *reading_cells(found.whole)]])}"


def reading_cells(one: Reading) -> list[str]:
    """Return a reading's figures as cells."""
    return [
        f"{one.words:,}",
        f"{one.sentences:,}",
        f"{one.words_a_sentence:.1f}",
        str(one.longest),
        f"{one.ease:.0f}",
        f"{one.grade:.0f}",
    ]


def statistics_json(found: Statistics) -> dict[str, Json]:
    """Return the figures as the documented answer has them."""
    return {
        "schema_version": "library-statistics/1",
        "families": found.families,
        "clauses": found.clauses,
        "variables": found.variables,
        "redlines": found.redlines,
        "reviewed": found.reviewed,
        "ranks": {rank.value: count for rank, count in found.ranks},
        "positions": [
            {
                "clause": one.clause,
                "position": one.position,
                "rank": one.rank.value,
                **_reading_json(one.reading),
            }
            for one in found.positions
        ],
        "whole": _reading_json(found.whole),
    }


def _reading_json(one: Reading) -> dict[str, Json]:
    return {
        "words": one.words,
        "sentences": one.sentences,
        "words_a_sentence": f"{one.words_a_sentence:.1f}",
        "longest": one.longest,
        "ease": f"{one.ease:.1f}",
        "grade": f"{one.grade:.1f}",
    }
