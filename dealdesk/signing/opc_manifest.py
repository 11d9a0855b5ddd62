"""What an Office package signature covers: a digest of each part and of selected relationships.

ECMA-376-2, clause 13.2.4; everything is made in canonical XML 1.0 from the start, so that pasting
the pieces together changes none of the digests.
"""

import base64
import hashlib
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from dealdesk.kernel.xml import parse_xml
from dealdesk.signing.opc import CONTENT_TYPES, Parts, Relation, content_type, relations

DS = "http://www.w3.org/2000/09/xmldsig#"
MDSSI = "http://schemas.openxmlformats.org/package/2006/digital-signature"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RELATIONSHIP_TRANSFORM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
SIGNATURE_FOLDER = "_xmlsignatures/"
ORIGIN_KIND = (
    "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
)
_RELATIONS_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"


def canonical(xml: str | bytes) -> bytes:
    """Return the canonical XML 1.0 of a whole document."""
    data = xml.encode() if isinstance(xml, str) else xml
    return etree.tostring(parse_xml(data, "signature"), method="c14n")


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes in Base64, as signatures write it."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def manifest_xml(parts: Parts) -> str:
    """Return the manifest that names every part with its digest, in a fixed order."""
    references = "".join(_references(parts))
    return f"<Manifest>{references}</Manifest>"


def signable_names(parts: Parts) -> list[str]:
    """Return the parts that a signature has to cover: all but content types and signatures."""
    return sorted(
        name for name in parts if name != CONTENT_TYPES and not name.startswith(SIGNATURE_FOLDER)
    )


def relationship_transform(rels: bytes, what: str, source_ids: set[str] | None) -> bytes:
    """Return the canonical XML of the relationships with these ids (None: all but signatures)."""
    chosen = [
        relation
        for relation in sorted(relations(rels, what))
        if (relation.kind != ORIGIN_KIND if source_ids is None else relation.id in source_ids)
    ]
    body = "".join(_relationship_xml(relation) for relation in chosen)
    return canonical(f'<Relationships xmlns="{_RELATIONS_NAMESPACE}">{body}</Relationships>')


def _references(parts: Parts) -> Iterator[str]:
    for name in signable_names(parts):
        uri = f"/{name}?ContentType={content_type(parts, name)}"
        if name.endswith(".rels"):
            yield _relations_reference(uri, parts[name], name)
        else:
            yield _reference(uri, "", digest(parts[name]))


def _relations_reference(uri: str, rels: bytes, name: str) -> str:
    ids = [found.id for found in sorted(relations(rels, name)) if found.kind != ORIGIN_KIND]
    sources = "".join(
        f'<mdssi:RelationshipReference xmlns:mdssi="{MDSSI}" SourceId={quoteattr(source)}/>'
        for source in ids
    )
    transforms = (
        f'<Transforms><Transform Algorithm="{RELATIONSHIP_TRANSFORM}">{sources}</Transform>'
        f'<Transform Algorithm="{C14N}"/></Transforms>'
    )
    return _reference(uri, transforms, digest(relationship_transform(rels, name, set(ids))))


def _reference(uri: str, transforms: str, value: str) -> str:
    return (
        f"<Reference URI={quoteattr(uri)}>{transforms}"
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue>{escape(value)}</DigestValue>'
        "</Reference>"
    )


def _relationship_xml(relation: Relation) -> str:
    return (
        f"<Relationship Id={quoteattr(relation.id)} Target={quoteattr(relation.target)} "
        f"TargetMode={quoteattr(relation.mode)} Type={quoteattr(relation.kind)}/>"
    )
