"""Paragraphs and rows that come, go, move, are split or joined become an override of their clause."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.writer import render_docx
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import (
    Clause,
    DocumentTree,
    Occurrence,
    Ref,
    TableBlock,
    TableRow,
    Text,
    block_inlines,
    instance_of,
    walk,
    walk_blocks,
)
from dealdesk.kernel.errors import DomainError, RefusedError
from dealdesk.workflows.counter import Counter, take_counter
from tests.documents.docx.sample import AT
from tests.enterprise import rich_package, rich_quote, shipped_library

SENT = rich_package().files["agreement.docx"]
BASE = rich_quote().version
COUNSEL = "Dana Example (counsel)"
NEW = "Each party keeps a written record of every person to whom it discloses anything"


def edited(change) -> DocumentTree:
    """Return the tree with its blocks replaced; `change` gives the blocks in place of one."""

    def through(blocks):
        found = []
        for block in blocks:
            own = block
            if isinstance(own, Clause):
                own = replace(own, children=tuple(through(own.children)))
            found += change(own)
        return found

    sections = tuple(replace(s, blocks=tuple(through(s.blocks))) for s in BASE.tree.sections)
    return replace(BASE.tree, sections=sections)


def returned(tree: DocumentTree) -> Counter:
    new, sent = open_docx(render_docx(tree)), open_docx(SENT)
    for name in [n for n in sent.parts if n.startswith("word/footer")]:
        new.set_part(name, sent.parts[name])  # the fingerprint is ours, counsel leaves it
    back = compare_docx(SENT, new.to_bytes(), COUNSEL, AT)
    return take_counter(SENT, back, BASE, shipped_library())


def text_after(tree: DocumentTree) -> str:
    return canonical_text(returned(tree).version.tree)


def leaves() -> list[Clause]:
    """Return the numbered paragraphs without heading or children, of clauses that are written."""
    return [
        b
        for b in walk(BASE.tree)
        if isinstance(b, Clause)
        and not b.heading
        and not b.children
        and BASE.inputs.choice(instance_of(b.id)) is not None
        and len(text_of(b).split()) > 8
    ]


def text_of(block: Clause) -> str:
    return " ".join(i.text for i in block.body if isinstance(i, Text))


def plain(block: Clause) -> bool:
    return len(block.body) == 1 and isinstance(block.body[0], Text)


LEAF = next(b for b in leaves() if plain(b) and len(text_of(b).split()) > 14)
SIBLINGS = next(
    (one, other)
    for parent in walk(BASE.tree)
    if isinstance(parent, Clause)
    for one, other in zip(parent.children, parent.children[1:], strict=False)
    if one in leaves() and other in leaves()
)


def test_a_new_paragraph_is_a_new_block_of_its_clause():
    added = Clause("x/new", body=(Text(f"{NEW}."),))
    tree = edited(lambda b: [b, added] if b.id == LEAF.id else [b])
    counter = returned(tree)
    assert canonical_text(counter.version.tree) == canonical_text(tree)
    assert counter.result.overridden == (instance_of(LEAF.id),)
    (block,) = [b for b in walk(counter.version.tree) if "/added-" in b.id]
    assert instance_of(block.id) == instance_of(LEAF.id)


def test_several_new_paragraphs_stand_in_their_order():
    added = [Clause(f"x/new{n}", body=(Text(f"{NEW}, {n}."),)) for n in range(3)]
    tree = edited(lambda b: [b, *added] if b.id == LEAF.id else [b])
    assert text_after(tree) == canonical_text(tree)


def test_a_new_clause_with_a_heading_and_its_parts_stands_below_it():
    parts = tuple(Clause(f"x/p{n}", body=(Text(f"{NEW}, {n}."),)) for n in range(2))
    added = Clause(f"{instance_of(LEAF.id)}/x", (Text("Records"),), (), parts)
    place = next(s for s in BASE.tree.sections if any(b.id == top_of(LEAF.id) for b in s.blocks))
    sections = tuple(
        replace(
            s,
            blocks=tuple(
                o for b in s.blocks for o in ([b, added] if b.id == top_of(LEAF.id) else [b])
            ),
        )
        if s is place
        else s
        for s in BASE.tree.sections
    )
    tree = replace(BASE.tree, sections=sections)
    assert text_after(tree) == canonical_text(tree)


def top_of(block_id: str) -> str:
    """Return the last top block of the instance of a block."""
    tops = [b.id for s in BASE.tree.sections for b in s.blocks]
    return [t for t in tops if instance_of(t) == instance_of(block_id)][-1]


def test_a_struck_paragraph_is_gone_and_the_rest_keeps_its_ids():
    tree = edited(lambda b: [] if b.id == LEAF.id else [b])
    counter = returned(tree)
    assert canonical_text(counter.version.tree) == canonical_text(tree)
    assert {b.id for b in walk(counter.version.tree)} == {b.id for b in walk(tree)}


def test_a_replaced_paragraph_is_one_gone_and_one_new():
    added = Clause("x/new", body=(Text(f"{NEW}."),))
    tree = edited(lambda b: [added] if b.id == LEAF.id else [b])
    assert text_after(tree) == canonical_text(tree)


def test_a_split_paragraph_is_two():
    words = LEAF.body[0].text
    at = words.index(" ", len(words) // 2)
    first = replace(LEAF, body=(Text(words[:at]),))
    second = Clause("x/new", body=(Text(words[at + 1 :]),))
    tree = edited(lambda b: [first, second] if b.id == LEAF.id else [b])
    counter = returned(tree)
    assert canonical_text(counter.version.tree) == canonical_text(tree)
    assert LEAF.id in {b.id for b in walk(counter.version.tree)}


def test_joined_paragraphs_are_one_and_their_values_stay_bound():
    one, other = SIBLINGS
    joined = replace(one, body=(*one.body, Text(" "), *other.body))
    tree = edited(lambda b: [joined] if b.id == one.id else [] if b.id == other.id else [b])
    counter = returned(tree)
    assert canonical_text(counter.version.tree) == canonical_text(tree)
    assert values(counter.version.tree) == values(BASE.tree)


def values(tree: DocumentTree) -> list[object]:
    found = [
        i.ref
        for b in walk(tree)
        for run in block_inlines(b)
        for i in run
        if isinstance(i, Occurrence)
    ]
    return sorted(found, key=str)


def test_a_paragraph_that_moves_keeps_its_id_and_its_values():
    one, other = SIBLINGS
    tree = edited(lambda b: [other, one] if b.id == other.id else [] if b.id == one.id else [b])
    counter = returned(tree)
    assert canonical_text(counter.version.tree) == canonical_text(tree)
    assert values(counter.version.tree) == values(BASE.tree)


TABLE = next(
    b
    for b in walk(BASE.tree)
    if isinstance(b, TableBlock) and b.caption and BASE.inputs.choice(instance_of(b.id)) is not None
)


def test_rows_come_and_go():
    cells = tuple((Text(f"Cell {n}"),) for n in range(len(TABLE.columns)))
    added = TableRow(f"{TABLE.id}.new", cells)
    for rows in (
        (*TABLE.rows[:1], added, *TABLE.rows[1:]),
        (*TABLE.rows, added),
        (added, *TABLE.rows),
        TABLE.rows[1:],
        (*TABLE.rows[:-1],),
    ):
        new = replace(TABLE, rows=rows)
        tree = edited(lambda b, new=new: [new] if b.id == TABLE.id else [b])
        assert text_after(tree) == canonical_text(tree)


def instances_aimed_at() -> set[str]:
    """Return the clause instances that references lead to."""
    return {
        instance_of(i.block_id)
        for b in walk(BASE.tree)
        for r in block_inlines(b)
        for i in r
        if isinstance(i, Ref)
    }


def without_instance(instance: str) -> DocumentTree:
    return edited(lambda b: [] if instance_of(b.id) == instance else [b])


def chosen_instances() -> set[str]:
    """Return the clause instances that were chosen and stand in the text."""
    found = {instance_of(b.id) for b in walk(BASE.tree)}
    return {i for i in found if BASE.inputs.choice(i) is not None}


def test_a_whole_clause_that_is_struck_is_an_override_without_words():
    instance = min(chosen_instances() - instances_aimed_at())
    tree = without_instance(instance)
    counter = returned(tree)
    assert canonical_text(counter.version.tree) == canonical_text(tree)
    assert counter.version.inputs.choice(instance).override.blocks == ()
    assert counter.version.inputs.choice(instance).override.author == COUNSEL


def test_a_struck_clause_that_others_refer_to_is_left_for_a_person():
    for instance in sorted(chosen_instances() & instances_aimed_at())[:3]:
        with pytest.raises(DomainError) as error:
            returned(without_instance(instance))
        assert {p.code for p in error.value.problems} == {"ref-broken"}


def test_a_heading_struck_from_above_its_parts_is_left_for_a_person():
    head = next(
        b
        for b in walk(BASE.tree)
        if isinstance(b, Clause)
        and b.heading
        and b.children
        and BASE.inputs.choice(instance_of(b.id))
    )
    tree = edited(lambda b: [*b.children] if b.id == head.id else [b])
    with pytest.raises(RefusedError):
        returned(tree)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_random_builds_come_to_exactly_their_text_or_are_left_for_a_person(seed):
    rng = random.Random(seed)
    chosen = rng.sample(leaves(), 3)
    kinds = {b.id: rng.choice(("strike", "add", "split")) for b in chosen if plain(b)}

    def change(block):
        words = text_of(block) if block.id in kinds else ""
        at = words.find(" ", len(words) // 2)
        match kinds.get(block.id):
            case "strike":
                return []
            case "add":
                return [block, Clause(f"{block.id}-n", body=(Text(f"{NEW}: {seed}."),))]
            case "split" if at > 0:
                first = replace(block, body=(Text(words[:at]),))
                return [first, Clause(f"{block.id}-s", body=(Text(words[at + 1 :]),))]
            case _:
                return [block]

    tree = edited(change)
    try:
        text = text_after(tree)
    except RefusedError:
        return
    assert text == canonical_text(tree)


def test_the_sample_has_what_these_tests_need():
    assert len(leaves()) > 5
    assert len(list(walk_blocks((LEAF,)))) == 1
