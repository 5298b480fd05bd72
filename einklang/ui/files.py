"""Files as a browser asks for them, a player also in parts (RFC 9110 § 14). Who may have them the caller has asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from einklang.core import settings

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CHUNK = 1 << 16
TYPES = {".webm": "video/webm", ".vtt": "text/vtt", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


def send(request: HttpRequest, path: Path) -> HttpResponseBase:
    size = path.stat().st_size
    kind = TYPES.get(path.suffix, "application/octet-stream")
    wanted = RANGE.fullmatch(request.headers.get("Range", ""))
    response: HttpResponseBase
    if wanted is None or wanted.groups() == ("", ""):
        response = FileResponse(path.open("rb"), content_type=kind)
    elif (part := _part(wanted, size)) is None:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        first, last = part
        response = StreamingHttpResponse(_read(path.open("rb"), first, last), status=206, content_type=kind)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _part(wanted: re.Match[str], size: int) -> tuple[int, int] | None:
    """First and last byte; None where the range lies behind the end. "-500" are the last 500 bytes."""
    start, end = wanted.groups()
    if not start:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(start), min(int(end or size), size - 1)
    return (first, last) if first <= last else None


def _read(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def path_of(name: str) -> Path:
    """A name that leads outside of our files is no file of ours."""
    root = (settings.get().home / "files").resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Http404
    return path
