"""`dealdesk seal`: seal what `agreement build` wrote."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from dealdesk.cli.edge import as_json, emit, existing_dir, existing_file, say
from dealdesk.cli.whole_files import write_whole
from dealdesk.kernel.errors import DomainError, Place
from dealdesk.signing.certificates import (
    SealingIdentity,
    common_name,
    development_identity,
    is_development,
    load_certificates,
    load_identity,
)
from dealdesk.signing.package import MANIFEST, read_manifest
from dealdesk.signing.pdf_seal import Assurance, LongTermEvidence, http_authority
from dealdesk.signing.sealing import SealedPackage, seal_package

_DEFAULT_NAME = "agreement-sealed.pdf"
_LARGEST_FILE = 512 * 1024 * 1024


@click.command("seal")
@click.argument("folder", type=existing_dir)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to.")
@click.option("--certificate", type=existing_file, help="PEM with key, or PKCS#12 (.p12).")
@click.option("--passphrase-file", type=existing_file, help="Holds the key's passphrase.")
@click.option(
    "--key-folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path(click.get_app_dir("dealdesk")),
    help="Where the development certificate is kept, which is used without --certificate.",
)
@click.option("--tsa", multiple=True, metavar="URL", help="Time-stamp authority; tried in order.")
@click.option("--trust", type=existing_file, help="PEM of trusted roots; makes B-LTA possible.")
@as_json
def seal(
    folder: Path,
    *,
    output: Path | None,
    certificate: Path | None,
    passphrase_file: Path | None,
    key_folder: Path,
    tsa: tuple[str, ...],
    trust: Path | None,
    as_json: bool,
) -> None:
    """Seal the agreement in FOLDER, after checking it against its manifest and approvals.

    Writes the certified PDF, the signed DOCX, and the evidence next to them. Exit status 1, with a
    list, while requirements are open; 2 when a file is missing or was changed.
    """
    now = datetime.now(UTC)
    target = _target(folder, output)
    identity = (
        load_identity(certificate, _passphrase(passphrase_file))
        if certificate
        else development_identity(key_folder, now)
    )
    sealed = seal_package(
        read_package(folder),
        identity,
        stem=target.stem,
        now=now,
        assurance=Assurance(
            tuple(http_authority(url) for url in tsa),
            LongTermEvidence(load_certificates(trust)) if trust else None,
        ),
    )
    write_whole({target.parent / name: data for name, data in sealed.files.items()})
    _warn(identity, sealed)
    record = sealed.files[f"{target.stem}.evidence.json"]
    emit(json.loads(record), _table(target, sealed), json_wanted=as_json)


def read_package(folder: Path) -> dict[str, bytes]:
    """Return the manifest of a folder and the files that it names, those that are there."""
    path = folder / MANIFEST
    if not path.is_file():
        raise DomainError.of(
            "no-manifest",
            f"The folder holds no {MANIFEST}.",
            place=Place(file=str(folder)),
            remedy="Give the folder that `dealdesk agreement build` wrote.",
        )
    manifest = path.read_bytes()
    named = [folder / entry.name for entry in read_manifest(manifest).files]
    # A link could lead anywhere; a build writes plain files.
    there = [path for path in named if path.is_file() and not path.is_symlink()]
    small = [path for path in there if path.stat().st_size <= _LARGEST_FILE]
    return {MANIFEST: manifest} | {path.name: path.read_bytes() for path in small}


def _target(folder: Path, output: Path | None) -> Path:
    target = output or folder / _DEFAULT_NAME
    if target.suffix.lower() != ".pdf":
        raise DomainError.of(
            "not-a-pdf-name",
            "The sealed file is a PDF, so its name has to end in .pdf.",
            place=Place(file=str(target)),
        )
    if target.name == "agreement.pdf" and target.parent.resolve() == folder.resolve():
        raise DomainError.of(
            "would-overwrite",
            "The sealed file would take the place of the file that it is made from.",
            place=Place(file=str(target)),
            remedy="Choose another name with -o.",
        )
    return target


def _passphrase(path: Path | None) -> bytes | None:
    return path.read_bytes().rstrip(b"\r\n") if path else None


def _warn(identity: SealingIdentity, sealed: SealedPackage) -> None:
    if sealed.seal.downgrade_reason:
        say(sealed.seal.downgrade_reason)
    if is_development(identity.certificate):
        say(
            "Sealed with the development certificate, which proves that nothing was changed, "
            "but not who sealed it. Use --certificate for production."
        )


def _table(target: Path, sealed: SealedPackage) -> str:
    signer = common_name(sealed.seal.signer)
    lines = [f"Sealed at level {sealed.seal.level} by “{signer}”:"]
    return "\n".join(lines + [f"  {target.parent / name}" for name in sealed.files])
