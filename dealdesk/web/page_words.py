"""Sentences of rules as pages say them: by the page's own names of fields, not a deal file's."""

import re
from collections.abc import Mapping
from dataclasses import replace

from dealdesk.deals.change_words import place_words
from dealdesk.kernel.errors import Problem
from dealdesk.web.languages import gettext

# What a person does about a fault in a form; the rule's own remedy is about a file.
_REMEDIES = {
    "missing": "Fill it in.",
    "blank": "Fill it in.",
    "not-a-number": "Write digits, such as 1200 or 12.5.",
    "wrong-type": "Write words.",
    "no-lines": "Give it a row with a product.",
    "two-terms": "Clear the months, or clear the order that it joins.",
    "two-periods": "",
}
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def in_page_words(problem: Problem, names: Mapping[str, str]) -> Problem:
    """Return a problem with the name that the page gives its field, by the last key of its path."""
    key = problem.place.path.rpartition(".")[2]
    message, name = problem.message, names.get(key, "")
    if name and message.startswith(f"“{key}”"):
        message = f"“{gettext(name)}”{message.removeprefix(f'“{key}”')}"
    remedy = _REMEDIES.get(problem.code, problem.remedy)
    return replace(problem, message=message, remedy=remedy)


def page_sentence(problem: Problem, names: Mapping[str, str]) -> str:
    """Return a problem as one text for a page, for a place beside the field that it is about."""
    found = in_page_words(problem, names)
    return f"{found.message} {found.remedy}".strip()


def placed_sentence(
    problem: Problem, names: Mapping[str, str], titles: Mapping[str, str] | None = None
) -> str:
    """Return a problem as one text that says in words which part of the deal it is about."""
    path = tuple(int(index) if index else word for word, index in _PART.findall(problem.place.path))
    where = f"{place_words(path, titles or {})}: " if path else ""
    return f"{where}{page_sentence(problem, names)}"
