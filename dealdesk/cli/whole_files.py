"""Write files whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files so that none is ever there half: each beside its place first, then all moved."""
    moves: list[tuple[Path, Path]] = []
    try:
        for path, data in files.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            moves.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
        for temporary, path in moves:
            temporary.replace(path)
    finally:
        for temporary, _ in moves:
            temporary.unlink(missing_ok=True)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name into a folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole({folder / name: data for name, data in files.items()})
