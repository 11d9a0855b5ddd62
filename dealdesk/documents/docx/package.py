"""The bytes of a package: parts in a fixed order with fixed times, no name twice."""

import io
import zipfile
from collections.abc import Mapping

from dealdesk.kernel.errors import DomainError

_EPOCH = (1980, 1, 1, 0, 0, 0)
CONTENT_TYPES = "[Content_Types].xml"


class PackageError(DomainError):
    """A package that would not be a valid file."""


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of parts; the same parts give the same bytes."""
    buffer = io.BytesIO()
    names = sorted(parts, key=lambda name: (name != CONTENT_TYPES, name))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name in names:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, parts[name])
    return buffer.getvalue()


def unzip_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package that was let through the gate, by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            if len(set(names)) != len(names):
                raise PackageError.of("duplicate-part", "The package holds a part twice.")
            return {name: package.read(name) for name in names if not name.endswith("/")}
    except zipfile.BadZipFile as error:
        raise PackageError.of(
            "not-a-package",
            "The file is not a Word document (.docx).",
            remedy="Save it as .docx with the program it came from.",
        ) from error


def same_bytes(data: bytes) -> bytes:
    """Return the package zipped again in the fixed order."""
    return zip_parts(unzip_parts(data))
