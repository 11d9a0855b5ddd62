"""Verify the signature of a sealed DOCX: its key, its own digests, and every part of the file."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from dealdesk.kernel.xml import XmlError, parse_xml
from dealdesk.signing.certificates import common_name, is_development
from dealdesk.signing.docx_seal import RSA_SHA256, SIGNATURE_PART, XADES
from dealdesk.signing.opc import Parts, content_type, read_parts, relations
from dealdesk.signing.opc_manifest import (
    DS,
    ORIGIN_KIND,
    RELATIONSHIP_TRANSFORM,
    SHA256,
    canonical,
    digest,
    relationship_transform,
    signable_names,
)
from dealdesk.signing.trust import leads_to_root

_MDSSI = "{http://schemas.openxmlformats.org/package/2006/digital-signature}"
_OBJECTS = ("idPackageObject", "idOfficeObject", "idSignedProperties")


@dataclass(frozen=True, slots=True)
class DocxVerification:
    """What the signature of a DOCX proves; `problems` is empty when it holds.

    It may hold and yet be anyone's: `is_trusted` when it leads to a root that the reader named.
    """

    signer: str
    is_development: bool
    signed_at: datetime | None
    problems: tuple[str, ...]
    is_trusted: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether the signature holds for everything in the file."""
        return not self.problems


class _NotOursError(Exception):
    """The signature is missing, or of a shape that we don't judge."""


def verify_docx(
    docx: bytes, *, now: datetime, trusted: Sequence[x509.Certificate] = ()
) -> DocxVerification:
    """Return what the signature that `seal_docx` made proves; nothing is fetched.

    The signer is trusted only when its certificate leads to one in `trusted` at `now`.
    Raise DomainError when the file is no DOCX that can be read.
    """
    parts = read_parts(docx)
    if SIGNATURE_PART not in parts:
        return DocxVerification("", False, None, ("The DOCX carries no signature.",))
    try:
        signature = parse_xml(parts[SIGNATURE_PART], SIGNATURE_PART)
        return _verified(parts, signature, now, trusted)
    except (_NotOursError, XmlError, binascii.Error, ValueError) as error:
        return DocxVerification("", False, None, (f"The signature can't be read: {error}",))


def _verified(
    parts: Parts, signature: etree._Element, now: datetime, trusted: Sequence[x509.Certificate]
) -> DocxVerification:
    certificate, *others = _certificates(signature)
    problems = [
        *_key_problems(signature, certificate),
        *_own_problems(signature),
        *_part_problems(parts, signature),
    ]
    at = signature.findtext(f".//{{{XADES}}}SigningTime")
    return DocxVerification(
        signer=common_name(certificate),
        is_development=is_development(certificate),
        signed_at=datetime.fromisoformat(at) if at else None,
        problems=tuple(problems),
        is_trusted=leads_to_root(certificate, others, trusted=trusted, now=now),
    )


def _certificates(signature: etree._Element) -> list[x509.Certificate]:
    """Return the signer's certificate and those that come with it."""
    info = _one(signature, f"{{{DS}}}KeyInfo")
    found = [_decoded(one.text) for one in info.iter(f"{{{DS}}}X509Certificate")]
    if not found:
        message = "it holds no X509Certificate."
        raise _NotOursError(message)
    return [x509.load_der_x509_certificate(one) for one in found]


def _key_problems(signature: etree._Element, certificate: x509.Certificate) -> Iterator[str]:
    info = _one(signature, f"{{{DS}}}SignedInfo")
    method = _one(info, f"{{{DS}}}SignatureMethod").get("Algorithm")
    key = certificate.public_key()
    if method != RSA_SHA256 or not isinstance(key, rsa.RSAPublicKey):
        message = f"it uses {method}, which is not judged here."
        raise _NotOursError(message)
    try:
        value = _base64(signature, "SignatureValue")
        key.verify(value, _canonical_subtree(info), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        yield "The signature was not made with the key of its certificate."


def _own_problems(signature: etree._Element) -> Iterator[str]:
    """Check the objects inside the signature against the digests that the key signed."""
    info = _one(signature, f"{{{DS}}}SignedInfo")
    signed = {found.get("URI", "")[1:]: found for found in info.findall(f"{{{DS}}}Reference")}
    for name in _OBJECTS:
        targets = [found for found in signature.iter() if found.get("Id") == name]
        if name not in signed or len(targets) != 1:
            yield f"The signature doesn't cover its own {name}."
        elif _expected(signed[name]) != digest(_canonical_subtree(targets[0])):
            yield f"The signature's own {name} was changed after signing."


def _part_problems(parts: Parts, signature: etree._Element) -> Iterator[str]:
    """Check each part against the manifest, and that the manifest leaves out none."""
    (package,) = [found for found in signature.iter() if found.get("Id") == "idPackageObject"][:1]
    manifest = _one(package, f"{{{DS}}}Manifest")
    covered = set()
    for reference in manifest.findall(f"{{{DS}}}Reference"):
        path, _, kind = reference.get("URI", "").partition("?ContentType=")
        name = path.lstrip("/")
        covered.add(name)
        if name not in parts:
            yield f"{name} was removed after signing."
        elif _expected(reference) != digest(_transformed(reference, parts[name], name)):
            yield f"{name} was changed after signing."
        elif kind != content_type(parts, name):
            yield f"{name} was declared to be of another type after signing."
    for name in signable_names(parts):
        if name not in covered:
            yield f"{name} was added after signing."


def _transformed(reference: etree._Element, data: bytes, name: str) -> bytes:
    transforms = [found.get("Algorithm") for found in reference.iter(f"{{{DS}}}Transform")]
    if RELATIONSHIP_TRANSFORM not in transforms:
        return data
    sources = {
        found.get("SourceId", "") for found in reference.iter(f"{_MDSSI}RelationshipReference")
    }
    # A relationship that the signature doesn't list would be invisible to its digest.
    listed = {found.id for found in relations(data, name) if found.kind != ORIGIN_KIND}
    return relationship_transform(data, name, sources) if listed == sources else data


def _expected(reference: etree._Element) -> str:
    if _one(reference, f"{{{DS}}}DigestMethod").get("Algorithm") != SHA256:
        message = "it uses a digest other than SHA-256."
        raise _NotOursError(message)
    return (reference.findtext(f"{{{DS}}}DigestValue") or "").strip()


def _canonical_subtree(element: etree._Element) -> bytes:
    # Serialised and read again first: canonical XML straight from a subtree can come out with
    # stray xmlns="" (libxml2 2.14), which no other verifier agrees with.
    return canonical(etree.tostring(element, with_tail=False))


def _one(element: etree._Element, tag: str) -> etree._Element:
    found = element.find(tag)
    if found is None:
        message = f"it holds no {tag.rpartition('}')[2]}."
        raise _NotOursError(message)
    return found


def _base64(signature: etree._Element, name: str) -> bytes:
    return _decoded(signature.findtext(f".//{{{DS}}}{name}"))


def _decoded(text: str | None) -> bytes:
    return base64.b64decode("".join((text or "").split()), validate=True)
