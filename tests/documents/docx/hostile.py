"""Hostile and broken Word files, made from a good one."""

import io
import zipfile

from tests.documents.docx.sample import sample_docx

BODY = "word/document.xml"


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes], extra: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in (*parts.items(), *extra):
            package.writestr(name, data)
    return buffer.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    return packed({**parts_of(sample_docx()), name: data})


def with_body(old: bytes, new: bytes) -> bytes:
    body = parts_of(sample_docx())[BODY]
    assert old in body
    return with_part(BODY, body.replace(old, new, 1))


def with_relation(kind: str, target: str) -> bytes:
    name = "word/_rels/document.xml.rels"
    relation = (
        '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )
    return with_part(
        name, parts_of(sample_docx())[name].replace(b"</Relationships>", relation.encode())
    )


def bomb(megabytes: int = 600) -> bytes:
    """Return a small file whose body unpacks to that many megabytes of one text."""
    body = parts_of(sample_docx())[BODY]
    head, _, tail = body.partition(b"</w:body>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts_of(sample_docx()).items():
            if name != BODY:
                package.writestr(name, data)
        with package.open(BODY, "w", force_zip64=True) as stream:
            stream.write(head + b"<w:p><w:r><w:t>")
            for _ in range(megabytes):
                stream.write(b"a" * 2**20)
            stream.write(b"</w:t></w:r></w:p></w:body>" + tail)
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """Return a bomb whose directory says that its body is small."""
    data = bytearray(bomb(70))
    place = data.rfind(BODY.encode()) - 46
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    return bytes(data)
