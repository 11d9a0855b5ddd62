"""The parts of an Office package as they stand in its ZIP file, within limits.

Sizes are counted while inflating: headers can lie. Whoever reads a Word file reads it by this.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from dealdesk.kernel.errors import DomainError

MAX_PART = 64 * 2**20
MAX_TOTAL = 256 * 2**20
MAX_ENTRIES = 2000
_CHUNK = 2**20
_RESAVE = "Save it as .docx with the program it came from, and send that file."


class GateError(DomainError):
    """A file that is refused before it is read."""


def zip_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of an Office package by name. Raise GateError with one sentence."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            _refuse_directory(infos)
            return dict(_members(package, infos))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise refused(
            "damaged", "The file is damaged or cut short.", "Send the file again."
        ) from error
    except (ValueError, OSError, RuntimeError, OverflowError) as error:
        raise refused("damaged", "The file's directory can't be read.") from error


def _refuse_directory(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse by the directory alone: too many parts, two of a name, unsafe names, stated sizes."""
    if len(infos) > MAX_ENTRIES:
        raise refused(
            "too-many-parts", f"The file holds {len(infos)} parts; at most {MAX_ENTRIES} are read."
        )
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        if _is_unsafe(name):
            raise refused("unsafe-name", f"The file holds a part with an unsafe name: {name!r}.")
        if name.lower() in seen:
            raise refused("duplicate-part", f"The file holds the part {name} twice.")
        seen.add(name.lower())
        if info.flag_bits & 1:
            raise refused("encrypted", f"The part {name} is encrypted.")
        if info.file_size > MAX_PART:
            raise _too_big(name)
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise refused(
            "bomb", f"The file unpacks to more than {MAX_TOTAL // 2**20} MB, which is refused."
        )


def _is_unsafe(name: str) -> bool:
    path = PurePosixPath(name)
    odd = "\\" in name or ":" in name or any(ord(c) < ord(" ") for c in name)
    return odd or path.is_absolute() or ".." in path.parts or not name


def _too_big(name: str) -> GateError:
    return refused("bomb", f"The part {name} unpacks to more than {MAX_PART // 2**20} MB.")


def _members(package: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    total = 0
    for info in infos:
        if info.is_dir():
            continue
        chunks: list[bytes] = []
        size = 0
        with package.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                total += len(chunk)
                if size > MAX_PART or total > MAX_TOTAL:
                    raise _too_big(info.filename)
                chunks.append(chunk)
        yield info.filename, b"".join(chunks)


def refused(code: str, message: str, remedy: str = _RESAVE) -> GateError:
    """Return the refusal of a file, with what its sender can do about it."""
    return GateError.of(code, message, remedy=remedy)
