"""Facts of a deal that are either true or false, however a person writes that."""

from collections.abc import Iterator

from dealdesk.deals.deal import Fact
from dealdesk.kernel.fields import Fields

# Clauses and rules ask for these as true or false: any other word there would ask nobody.
YES_NO_FACTS = frozenset({"phi"})
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# Words that mean a truth value whatever the fact is; “no” and 1 may be something else there.
_PLAIN_WORDS = {"true": True, "false": False}


def read_facts(root: Fields) -> Iterator[tuple[str, Fact]]:
    """Yield the facts of a deal file; problems are noted on the way."""
    for name, value in root.plain("facts").items():
        known = name.casefold()
        if known in YES_NO_FACTS and name != known:
            root.note(
                "unknown-fact",
                f"facts.{name}",
                f"The fact “{name}” is written “{known}”.",
                f"Write “{known}” with small letters.",
            )
        elif not isinstance(value, int | bool | str):
            root.note(
                "wrong-type",
                f"facts.{name}",
                f"The fact “{name}” has to be a number, a word, true or false.",
            )
        else:
            fact = read_fact(name, value)
            if fact is None:
                root.note(
                    "not-yes-or-no",
                    f"facts.{name}",
                    f"The fact “{name}” is either true or false, not “{str(value)[:40]}”.",
                    "Write true or false.",
                )
            else:
                yield name, fact


def read_fact(name: str, value: Fact) -> Fact | None:
    """Return a fact as rules test it, None where it is neither true nor false but has to be."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if name in YES_NO_FACTS:
        return _WORDS.get(word)
    return _PLAIN_WORDS.get(word, value)
