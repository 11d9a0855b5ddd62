"""The texts of a library's folder, or those that stand in place of clauses, with every problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dealdesk.kernel.errors import Place, Problem
from dealdesk.kernel.hashing import sha256_text
from dealdesk.kernel.located_yaml import Located, YamlError, load_yaml, read_text_file
from dealdesk.kernel.records import Record

CLAUSE_FILE = "clause.yaml"
TWIN_REMEDY = "Give each an id of its own."


@dataclass(slots=True)
class Load:
    """One load: the folder, the problems found, and the text and hash of each file read.

    `instead` are texts by file name that stand in place of whole clause folders, or beside them.
    """

    root: Path
    instead: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def name(self, path: Path) -> str:
        """Return a file's name within the library's folder."""
        return path.relative_to(self.root).as_posix()

    def text(self, path: Path) -> str | None:
        """Return a file's text, None (and a problem) where there is none to read."""
        try:
            text = self._read(path)
        except FileNotFoundError:
            self.problems.append(Problem("file-missing", f"The file {self.name(path)} is missing."))
            return None
        except YamlError as error:
            place = Place(self.name(path))
            self.problems += [replace(problem, place=place) for problem in error.problems]
            return None
        self.hashes[self.name(path)] = sha256_text(text)
        self.texts[self.name(path)] = text
        return text

    def _read(self, path: Path) -> str:
        name = self.name(path)
        if f"{name.rpartition('/')[0]}/{CLAUSE_FILE}" not in self.instead:
            return read_text_file(path)
        if name not in self.instead:
            raise FileNotFoundError
        return self.instead[name]

    def holds(self, path: Path) -> bool:
        """Tell whether there is such a file to read in a clause's folder."""
        name = self.name(path)
        if f"{name.rpartition('/')[0]}/{CLAUSE_FILE}" in self.instead:
            return name in self.instead
        return path.is_file()

    def clause_files(self) -> list[Path]:
        """Return the places of all clauses' files, what stands in their place included."""
        named = {self.root / name for name in self.instead if name.endswith(f"/{CLAUSE_FILE}")}
        return sorted({*self.root.glob(f"clauses/*/*/{CLAUSE_FILE}"), *named})

    def yaml(self, path: Path) -> Located | None:
        """Return a file as located YAML, None (and a problem) where it can't be read."""
        text = self.text(path)
        if text is None:
            return None
        try:
            return load_yaml(text, self.name(path))
        except YamlError as error:
            self.problems.extend(error.problems)
            return None

    def record(self, path: Path) -> Record | None:
        """Return a file as a record of keys, None (and a problem) where it isn't one."""
        located = self.yaml(path)
        return Record.whole(located, self.problems) if located else None


def items_of(record: Record, key: str, *, required: bool = False) -> list[Record]:
    """Return a list's records; an id that stands twice in it is noted at the second place."""
    items = list(record.records(key, required=required))
    seen: set[str] = set()
    for item in items:
        id_ = item.data.get("id")
        if isinstance(id_, str):
            if id_ in seen:
                item.problem("id", "duplicate-id", f"“{id_}” stands twice.", TWIN_REMEDY)
            seen.add(id_)
    return items
