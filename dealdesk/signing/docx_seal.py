"""Seal a DOCX: an XML signature over all parts of the package (ECMA-376-2, with XAdES)."""

import base64
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.xml import parse_xml
from dealdesk.signing.certificates import SealingIdentity, check_validity
from dealdesk.signing.opc import CONTENT_TYPES, Parts, read_parts, relations, write_parts
from dealdesk.signing.opc_manifest import (
    C14N,
    DS,
    MDSSI,
    ORIGIN_KIND,
    SHA256,
    SIGNATURE_FOLDER,
    canonical,
    digest,
    manifest_xml,
)

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SIGNATURE_PART = f"{SIGNATURE_FOLDER}sig1.xml"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
SIGNED_PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"
_ORIGIN = f"{SIGNATURE_FOLDER}origin.sigs"
_OBJECT_TYPE = f"{DS}Object"
_PACKAGE = "application/vnd.openxmlformats-package"
_SIGNATURE_KIND = (
    "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature"
)


def seal_docx(docx: bytes, identity: SealingIdentity, *, now: datetime) -> bytes:
    """Return the DOCX with a signature over every part and relationship it holds.

    The same input, key and time give the same bytes. Raise DomainError when the certificate isn't
    valid at `now`, when its key is not RSA, or when the file is no DOCX or is already signed.
    """
    check_validity(identity.certificate, now)
    parts = read_parts(docx)
    if any(name.startswith(SIGNATURE_FOLDER) for name in parts):
        raise DomainError.of("docx-already-sealed", "The DOCX already carries a signature.")
    if CONTENT_TYPES not in parts or "_rels/.rels" not in parts:
        raise DomainError.of(
            "docx-unreadable", "The file is a ZIP file, but not a DOCX: it declares no parts."
        )
    prepared = _with_signature_parts(parts)
    prepared[SIGNATURE_PART] = _signature(prepared, identity, now)
    return write_parts(prepared)


def _with_signature_parts(parts: Parts) -> Parts:
    """Declare the signature before it is made, since relationships are part of what it covers."""
    return parts | {
        CONTENT_TYPES: _inserted(
            parts[CONTENT_TYPES],
            f'<Default Extension="sigs" ContentType="{_PACKAGE}.digital-signature-origin"/>'
            f'<Override PartName="/{SIGNATURE_PART}" '
            f'ContentType="{_PACKAGE}.digital-signature-xmlsignature+xml"/>',
        ),
        "_rels/.rels": _inserted(
            parts["_rels/.rels"],
            f'<Relationship Id="{_free_id(parts)}" Type="{ORIGIN_KIND}" Target="{_ORIGIN}"/>',
        ),
        _ORIGIN: b"",
        f"{SIGNATURE_FOLDER}_rels/origin.sigs.rels": (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_SIGNATURE_KIND}" Target="sig1.xml"/></Relationships>'
        ).encode(),
    }


def _inserted(xml: bytes, elements: str) -> bytes:
    """Add elements before the end tag of the root; the bytes before stay as they are."""
    parse_xml(xml, "package")
    head, closing, tail = xml.rpartition(b"</")
    return head + elements.encode() + closing + tail


def _free_id(parts: Parts) -> str:
    taken = {relation.id for relation in relations(parts["_rels/.rels"], "_rels/.rels")}
    return next(found for n in range(len(taken) + 1) if (found := f"rIdSeal{n}") not in taken)


def _signature(parts: Parts, identity: SealingIdentity, now: datetime) -> bytes:
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    package = canonical(_package_object(parts, at))
    office = canonical(_office_object())
    properties = canonical(_signed_properties(identity.certificate, at))
    info = canonical(_signed_info(package, office, properties))
    value = base64.b64encode(_rsa_signature(identity, info)).decode()
    certificates = "".join(
        f"<X509Certificate>{_certificate_text(found)}</X509Certificate>"
        for found in (identity.certificate, *identity.chain)
    )
    return b"".join(
        (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            f'<Signature xmlns="{DS}" Id="idPackageSignature">'.encode(),
            info,
            f"<SignatureValue>{value}</SignatureValue>".encode(),
            f"<KeyInfo><X509Data>{certificates}</X509Data></KeyInfo>".encode(),
            package,
            office,
            f'<Object><xd:QualifyingProperties xmlns:xd="{XADES}" '.encode(),
            b'Target="#idPackageSignature">',
            properties,
            b"</xd:QualifyingProperties></Object></Signature>",
        )
    )


def _package_object(parts: Parts, at: str) -> str:
    return (
        f'<Object xmlns="{DS}" Id="idPackageObject">{manifest_xml(parts)}'
        '<SignatureProperties><SignatureProperty Id="idSignatureTime" Target="#idPackageSignature">'
        f'<mdssi:SignatureTime xmlns:mdssi="{MDSSI}">'
        f"<mdssi:Format>YYYY-MM-DDThh:mm:ssTZD</mdssi:Format><mdssi:Value>{at}</mdssi:Value>"
        "</mdssi:SignatureTime></SignatureProperty></SignatureProperties></Object>"
    )


def _office_object() -> str:
    return (
        f'<Object xmlns="{DS}" Id="idOfficeObject"><SignatureProperties>'
        '<SignatureProperty Id="idOfficeV1Details" Target="#idPackageSignature">'
        '<SignatureInfoV1 xmlns="http://schemas.microsoft.com/office/2006/digsig">'
        "<SetupID></SetupID><SignatureText></SignatureText><SignatureImage></SignatureImage>"
        "<SignatureComments>Sealed by DealDesk</SignatureComments><SignatureType>1</SignatureType>"
        "</SignatureInfoV1></SignatureProperty></SignatureProperties></Object>"
    )


def _signed_properties(certificate: x509.Certificate, at: str) -> str:
    der = certificate.public_bytes(serialization.Encoding.DER)
    issuer = escape(certificate.issuer.rfc4514_string())
    return (
        f'<xd:SignedProperties xmlns="{DS}" xmlns:xd="{XADES}" Id="idSignedProperties">'
        f"<xd:SignedSignatureProperties><xd:SigningTime>{at}</xd:SigningTime>"
        "<xd:SigningCertificate><xd:Cert><xd:CertDigest>"
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue>{digest(der)}</DigestValue>'
        f"</xd:CertDigest><xd:IssuerSerial><X509IssuerName>{issuer}</X509IssuerName>"
        f"<X509SerialNumber>{certificate.serial_number}</X509SerialNumber></xd:IssuerSerial>"
        "</xd:Cert></xd:SigningCertificate><xd:SignaturePolicyIdentifier>"
        "<xd:SignaturePolicyImplied/></xd:SignaturePolicyIdentifier>"
        "</xd:SignedSignatureProperties></xd:SignedProperties>"
    )


def _signed_info(package: bytes, office: bytes, properties: bytes) -> str:
    return (
        f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{C14N}"/>'
        f'<SignatureMethod Algorithm="{RSA_SHA256}"/>'
        + _own_reference("idPackageObject", _OBJECT_TYPE, package)
        + _own_reference("idOfficeObject", _OBJECT_TYPE, office)
        + _own_reference("idSignedProperties", SIGNED_PROPERTIES_TYPE, properties)
        + "</SignedInfo>"
    )


def _own_reference(target: str, kind: str, data: bytes) -> str:
    return (
        f'<Reference URI="#{target}" Type="{kind}">'
        f'<Transforms><Transform Algorithm="{C14N}"/></Transforms>'
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue>{digest(data)}</DigestValue></Reference>'
    )


def _rsa_signature(identity: SealingIdentity, data: bytes) -> bytes:
    if not isinstance(identity.key, rsa.RSAPrivateKey):
        raise DomainError.of(
            "docx-needs-rsa",
            "A DOCX is sealed with an RSA key, and this certificate's key is elliptic-curve.",
            remedy="Use a certificate with an RSA key, or seal the PDF alone.",
        )
    return identity.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _certificate_text(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
