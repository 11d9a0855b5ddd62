"""How blocks and values are recognised in a Word file: bookmark names and control tags.

Tags are lost when LibreOffice saves, bookmarks are not (redlines.md, 1.5): a file carries both.
"""

import hashlib

from dealdesk.terms.values import ValueRef

INSTANCE = "instance:"
VALUE = "value:"
TITLE = "furniture:title"
CONTENTS = "furniture:contents"
SIGNATURE = "furniture:signature"
FURNITURE = (TITLE, CONTENTS, SIGNATURE)
BOOKMARK = "dd_"
_BOOKMARK_DIGITS = 24


def bookmark_name(block_id: str) -> str:
    """Return the bookmark of a block; Word allows 40 letters, digits and underscores."""
    digest = hashlib.sha256(block_id.encode()).hexdigest()
    return f"{BOOKMARK}{digest[:_BOOKMARK_DIGITS]}"


def value_tag(ref: ValueRef) -> str:
    """Return the tag of a value's control: the value's path."""
    return f"{VALUE}{ref}"


def ref_of_tag(tag: str) -> ValueRef | None:
    """Return the address that a control's tag names, or None for another control."""
    instance, slash, variable = tag.removeprefix(VALUE).partition("/")
    return ValueRef(instance, variable) if tag.startswith(VALUE) and slash else None
