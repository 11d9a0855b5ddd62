"""Who wrote a text: one line for all of them, and the names in it again."""

_BETWEEN = "; "


def together(*authors: str) -> str:
    """Return one line that names everybody in the given ones once, the first first."""
    names = (name for line in authors for name in line.split(_BETWEEN))
    return _BETWEEN.join(dict.fromkeys(name for name in names if name))


def names_in(authors: str) -> frozenset[str]:
    """Return the names in a line of authors.

    Lines from before had commas between names, and a name may hold one: both readings count, as
    it is better to bar one too many from deciding on words than one too few.
    """
    names = [name for name in authors.split(_BETWEEN) if name]
    return frozenset([*names, *(part for name in names for part in name.split(", ") if part)])
