"""The record of a seal: names the sealed files and their sources by hash (invariant I4)."""

from collections.abc import Mapping
from datetime import UTC

from cryptography.hazmat.primitives import hashes

from dealdesk.kernel.hashing import Json, sha256_bytes
from dealdesk.signing.certificates import common_name, is_development
from dealdesk.signing.package import Manifest
from dealdesk.signing.pdf_seal import SealResult


def seal_evidence(
    manifest: Manifest, sealed: Mapping[str, bytes], result: SealResult
) -> dict[str, Json]:
    """Return the seal-evidence/1 record of sealed files (by name), made from a checked package."""
    return {
        "schema_version": "seal-evidence/1",
        "sealed": {name: _entry(data) for name, data in sorted(sealed.items())},
        "sources": {
            file.name: {"sha256": file.sha256, "bytes": file.size} for file in manifest.files
        },
        "manifest_sha256": manifest.sha256,
        "text_sha256": manifest.text_sha256,
        "inputs_sha256": manifest.inputs_sha256,
        "terms_sha256": manifest.terms_sha256,
        "signature": _signature(result),
    }


def _signature(result: SealResult) -> dict[str, Json]:
    return {
        "level": str(result.level),
        "signer": common_name(result.signer),
        "certificate_sha256": result.signer.fingerprint(hashes.SHA256()).hex(),
        "development": is_development(result.signer),
        "signed_at": result.signed_at.astimezone(UTC).isoformat(timespec="seconds"),
        "authority": result.authority,
        "downgrade_reason": result.downgrade_reason,
    }


def _entry(data: bytes) -> dict[str, Json]:
    return {"sha256": sha256_bytes(data), "bytes": len(data)}
