"""Assemble a document from inputs and library: the same inputs always give the same tree (I1)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from dealdesk.agreements.binding import Binder, Replaced, bind_template, defined_terms
from dealdesk.agreements.cover import cover_blocks, signature_blocks
from dealdesk.agreements.model import (
    Choice,
    Hashes,
    Inputs,
    Origin,
    Version,
)
from dealdesk.agreements.order_form import order_blocks
from dealdesk.agreements.scope import Scope
from dealdesk.agreements.serial import inputs_json
from dealdesk.agreements.values import all_values
from dealdesk.clauses.model import AgreementTemplate, Clause, Library, Part, Position
from dealdesk.documents.numbering import number_document
from dealdesk.documents.text import passage_hash, text_hash
from dealdesk.documents.tree import (
    Block,
    DocumentTree,
    Occurrence,
    Ref,
    Section,
    SectionKind,
    block_inlines,
    instance_of,
    walk,
    walk_blocks,
)
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.hashing import sha256_json
from dealdesk.terms.value_types import ValueMap


class AssemblyError(DomainError):
    """The inputs can't be made into a document; every problem is listed."""


def find_clause(choice: Choice, library: Library) -> tuple[Clause, Position]:
    """Return a choice's clause and position. Raise AssemblyError when the library lacks them."""
    clause = library.clauses.get(choice.clause_id)
    position = clause.position(choice.position) if clause else None
    if clause is None or position is None or clause.version != choice.version:
        raise AssemblyError.of(
            "clause-absent",
            f"The library has no “{choice.position}” of {choice.clause_id}@{choice.version}.",
            remedy="Choose the clause again from the present library.",
        )
    return clause, position


def find_template(inputs: Inputs, library: Library) -> AgreementTemplate:
    """Return the agreement template of the inputs. Raise AssemblyError when it is absent."""
    template = library.agreements.get(inputs.agreement)
    if template is None:
        raise AssemblyError.of(
            "agreement-absent",
            f"The library has no agreement “{inputs.agreement}”.",
            remedy=f"Use one of {', '.join(sorted(library.agreements))}.",
        )
    return template


def assemble(inputs: Inputs, library: Library, *, draft: bool = False) -> DocumentTree:
    """Return the document of the inputs. Raise AssemblyError listing every dangling address."""
    template = find_template(inputs, library)
    values = all_values(inputs, library)
    passages = _Passages(inputs, library, values)
    tree = DocumentTree(
        title=template.title,
        short_title=template.short_title,
        language=inputs.language,
        version_label=inputs.number,
        dated_on=inputs.dated_on,
        sections=tuple(_sections(template, inputs, passages)),
        values=MappingProxyType(values),
        draft=draft,
    )
    problems = list(dangling(tree))
    if problems:
        raise AssemblyError(problems)
    return tree


class _Passages:
    """The bound passage of each chosen instance."""

    def __init__(self, inputs: Inputs, library: Library, values: ValueMap) -> None:
        self._inputs = inputs
        self._values = values
        self._chosen = {c.instance_id: (c, *find_clause(c, library)) for c in inputs.choices}
        self._instances = {c.clause_id: c.instance_id for c in reversed(inputs.choices)}
        self._defined = dict(self._definitions())
        self._replaced = dict(_replaced(inputs))

    def _definitions(self) -> Iterator[tuple[str, str]]:
        for _, _, position in self._chosen.values():
            yield from defined_terms(position.text)

    def binder(self, instance_id: str) -> Binder:
        clause = self._chosen[instance_id][1]
        return Binder(
            instance_id=instance_id,
            scope=Scope(self._inputs, self._values, instance_id),
            values=self._values,
            instances=self._instances,
            defined=self._defined,
            captions={variable.id: variable.caption for variable in clause.variables},
            replaced=self._replaced,
        )

    def blocks(self, instance_id: str) -> tuple[Block, ...]:
        if instance_id not in self._chosen:
            return ()
        choice, _, position = self._chosen[instance_id]
        if choice.override is not None:
            return choice.override.blocks
        return bind_template(position.text, self.binder(instance_id))


def _replaced(inputs: Inputs) -> Iterator[tuple[str, Replaced]]:
    for choice in inputs.choices:
        if choice.override is not None and choice.override.blocks:
            ids = frozenset(block.id for block in walk_blocks(choice.override.blocks))
            yield choice.instance_id, Replaced(choice.override.blocks[0].id, ids)


def _sections(
    template: AgreementTemplate, inputs: Inputs, passages: _Passages
) -> Iterator[Section]:
    for part in template.parts:
        blocks = tuple(_part_blocks(part, inputs, passages))
        if blocks:
            yield Section(part.id, part.title, part.kind, blocks)


def _part_blocks(part: Part, inputs: Inputs, passages: _Passages) -> Iterator[Block]:
    if part.kind is SectionKind.COVER:
        yield from cover_blocks(inputs)
    if part.kind is SectionKind.ORDER_FORM:
        yield from order_blocks(inputs.order, inputs.language)
    for slot in part.slots:
        yield from passages.blocks(slot.instance)
    if part.kind is SectionKind.SIGNATURES:
        yield from signature_blocks()


def passages_of(tree: DocumentTree) -> dict[str, tuple[Block, ...]]:
    """Return the top blocks of each instance, by instance id, in reading order."""
    passages: dict[str, tuple[Block, ...]] = {}
    for section in tree.sections:
        for block in section.blocks:
            instance = instance_of(block.id)
            passages[instance] = (*passages.get(instance, ()), block)
    return passages


def dangling(tree: DocumentTree) -> Iterator[Problem]:
    """Yield a problem for each reference and each value that leads nowhere."""
    labels = number_document(tree).labels
    for block in walk(tree):
        for inline in (inline for run in block_inlines(block) for inline in run):
            match inline:
                case Ref(block_id=target) if target not in labels:
                    yield _dangling(block, "ref-broken", f"refers to {target}, which is absent")
                case Occurrence(ref=ref) if ref not in tree.values:
                    yield _dangling(block, "value-absent", f"prints {ref}, which has no value")
                case _:
                    pass


def _dangling(block: Block, code: str, fault: str) -> Problem:
    return Problem(code, f"The document's {block.id} {fault}.", Place(path=block.id))


def hash_version(inputs: Inputs, tree: DocumentTree) -> Hashes:
    """Return the digests of a version: canonical text, inputs, and each instance's passage."""
    passages: Mapping[str, str] = {
        instance: passage_hash(blocks, tree) for instance, blocks in passages_of(tree).items()
    }
    return Hashes(
        text=text_hash(tree),
        inputs=sha256_json(inputs_json(inputs)),
        passages=MappingProxyType(passages),
    )


def make_version(
    inputs: Inputs,
    library: Library,
    *,
    parent: Version | None = None,
    origin: Origin = Origin.DRAFT,
    draft: bool = False,
) -> Version:
    """Return the next version of an agreement: its tree assembled, its hashes taken."""
    tree = assemble(inputs, library, draft=draft)
    return Version(
        number=parent.number + 1 if parent else 1,
        parent=parent.number if parent else None,
        origin=origin,
        inputs=inputs,
        tree=tree,
        hashes=hash_version(inputs, tree),
    )
