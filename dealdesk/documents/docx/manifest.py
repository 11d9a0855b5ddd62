"""The custom part of our files: public terms, passage hashes, which bookmark is which run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from dealdesk.documents.docx.gate import part_tree
from dealdesk.documents.docx.identity import bookmark_name
from dealdesk.documents.tree import (
    Block,
    Clause,
    DocumentTree,
    Paragraph,
    SignatureBlock,
    TableBlock,
    walk,
)

NAMESPACE = "urn:dealdesk:agreement:1"
HEADING, BODY = 0, 1


@dataclass(frozen=True, slots=True)
class RunPlace:
    """A run of words of a block, counted as `block_runs` counts; -1 is a table's caption."""

    block_id: str
    run: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file says of itself; empty for a file that isn't ours."""

    terms: str = ""
    passages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    runs: Mapping[str, RunPlace] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_ours(self) -> bool:
        """Say whether the file names its blocks."""
        return bool(self.runs)


def body_bookmark(block_id: str) -> str:
    """Return the bookmark of a clause's passage below its heading."""
    return bookmark_name(f"{block_id}#body")


def run_places(tree: DocumentTree) -> dict[str, RunPlace]:
    """Return the run that each bookmark of the tree's file stands for."""
    places = {bookmark_name(s.id): RunPlace(s.id, -1) for s in tree.sections}
    for block in walk(tree):
        places |= dict(_block_places(block))
    return places


def _block_places(block: Block) -> Iterator[tuple[str, RunPlace]]:
    match block:
        case Clause(id=block_id, heading=heading, body=body):
            yield bookmark_name(block_id), RunPlace(block_id, HEADING if heading else BODY)
            if heading and body:
                yield body_bookmark(block_id), RunPlace(block_id, BODY)
        case TableBlock(id=block_id) | SignatureBlock(id=block_id):
            yield bookmark_name(block_id), RunPlace(block_id, -1)
        case Paragraph(id=block_id):
            yield bookmark_name(block_id), RunPlace(block_id, 0)


def write_manifest(manifest: Manifest) -> bytes:
    """Return the custom part."""
    root = etree.Element(f"{{{NAMESPACE}}}agreement", nsmap={"dd": NAMESPACE})
    etree.SubElement(root, f"{{{NAMESPACE}}}terms").text = manifest.terms
    for instance, digest in sorted(manifest.passages.items()):
        attributes = {"instance": instance, "sha256": digest}
        etree.SubElement(root, f"{{{NAMESPACE}}}passage", attributes)
    for name, place in sorted(manifest.runs.items()):
        attributes = {"bookmark": name, "block": place.block_id, "run": str(place.run)}
        etree.SubElement(root, f"{{{NAMESPACE}}}run", attributes)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def read_manifest(parts: Mapping[str, bytes]) -> Manifest:
    """Return what a package's custom part says; the empty manifest where there is none of ours."""
    for name in sorted(parts):
        if not name.startswith("customXml/") or NAMESPACE.encode() not in parts[name]:
            continue
        root = part_tree(name, parts[name])
        if root.tag == f"{{{NAMESPACE}}}agreement":
            return _manifest(root)
    return Manifest()


def _manifest(root: etree._Element) -> Manifest:
    runs: dict[str, RunPlace] = {}
    for run in root.iter(f"{{{NAMESPACE}}}run"):
        number = run.get("run", "")
        if number.lstrip("-").isdecimal():
            runs[run.get("bookmark", "")] = RunPlace(run.get("block", ""), int(number))
    return Manifest(
        terms=root.findtext(f"{{{NAMESPACE}}}terms") or "",
        passages={
            p.get("instance", ""): p.get("sha256", "") for p in root.iter(f"{{{NAMESPACE}}}passage")
        },
        runs=runs,
    )
