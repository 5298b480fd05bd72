"""Files of a content: named by their digest, and taken for what they are and not for what they are called."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from einklang.core import settings
from einklang.core.errors import InputError
from einklang.core.words import Words

MEGABYTE = 1 << 20
FOLDER = "content"
HEAD = 64


@dataclass(frozen=True, slots=True)
class Kind:
    media_type: str
    limit: int
    endings: tuple[str, ...]


KINDS = {
    "png": Kind("image/png", 10 * MEGABYTE, ("png",)),
    "jpg": Kind("image/jpeg", 10 * MEGABYTE, ("jpg", "jpeg")),
    "svg": Kind("image/svg+xml", MEGABYTE, ("svg",)),
    "webm": Kind("video/webm", 500 * MEGABYTE, ("webm",)),
    "vtt": Kind("text/vtt", MEGABYTE, ("vtt",)),
}
MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"\x1a\x45\xdf\xa3": "webm"}
ACTIVE = {"script", "foreignobject", "iframe", "object", "embed", "animate", "set", "handler", "image", "style"}
DRAWING = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)

UNKNOWN = (
    Words(
        "Diese Datei ist weder Bild noch Film noch Untertitel.", "This file is neither picture nor film nor captions."
    ),
    Words("Möglich sind PNG, JPEG, SVG, WebM und WebVTT.", "PNG, JPEG, SVG, WebM and WebVTT are possible."),
)
DISGUISED = (
    Words("Diese Datei ist nicht, was ihr Name sagt.", "This file is not what its name says."),
    Words(
        "Bitte speichern Sie sie im richtigen Format und laden Sie sie neu hoch.",
        "Please save it in the right format and upload it again.",
    ),
)
TOO_LARGE = Words("Diese Datei ist zu groß.", "This file is too large.")
UNSAFE = (
    Words("Diese Zeichnung enthält aktive Teile.", "This drawing has active parts."),
    Words(
        "Bitte entfernen Sie Skripte, Verweise und eingebettete Seiten.",
        "Please remove scripts, links and embedded pages.",
    ),
)


def keep(name: str, chunks: Iterable[bytes]) -> tuple[str, str]:
    """Stores the file and returns (name among the assets, SHA-256); the same bytes are stored once."""
    root = settings.get().home / "files" / FOLDER
    root.mkdir(parents=True, exist_ok=True)
    ending = name.rpartition(".")[2].lower()
    limit = max((kind.limit for kind in KINDS.values() if ending in kind.endings), default=0)
    if not limit:
        raise InputError("asset", *UNKNOWN)
    with tempfile.NamedTemporaryFile(dir=root, prefix=".upload-") as draft:
        sha256 = _copy(chunks, Path(draft.name), limit)
        kind = sniff(Path(draft.name))
        if ending not in KINDS[kind].endings:
            raise InputError("asset", *DISGUISED)
        target = root / f"{sha256}.{kind}"
        if not target.exists():
            shutil.copyfile(draft.name, target)
    return f"{FOLDER}/{target.name}", sha256


def sniff(file: Path) -> str:
    """Raises `InputError` where the bytes are none of KINDS, or an SVG does more than draw."""
    with file.open("rb") as content:
        head = content.read(HEAD)
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return "vtt"
    if head.lstrip().startswith(b"<"):
        _require_drawing(file.read_bytes()[: KINDS["svg"].limit + 1])
        return "svg"
    raise InputError("asset", *UNKNOWN)


def _copy(chunks: Iterable[bytes], file: Path, limit: int) -> str:
    digest, size = hashlib.sha256(), 0
    with file.open("wb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                mega = limit // MEGABYTE
                raise InputError("asset", TOO_LARGE, Words(f"Erlaubt sind {mega} MB.", f"{mega} MB are allowed."))
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _require_drawing(content: bytes) -> None:
    if DRAWING.search(content):  # entities could grow without end
        raise InputError("asset", *UNSAFE)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise InputError("asset", *UNKNOWN) from error
    if _plain(root.tag) != "svg":
        raise InputError("asset", *UNKNOWN)
    for element in root.iter():
        if _plain(element.tag) in ACTIVE or any(_leads_out(*each) for each in element.attrib.items()):
            raise InputError("asset", *UNSAFE)


def _leads_out(name: str, value: str) -> bool:
    plain = _plain(name)
    return (
        plain.startswith("on")
        or (plain == "href" and not value.startswith("#"))
        or "url(" in value.replace("url(#", "")
    )


def _plain(name: str) -> str:
    return name.rpartition("}")[2].lower()
