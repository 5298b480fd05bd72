"""What WSGI promises holds behind the bridge, asked over HTTP as clients do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import pytest

from einklang.project import bridge as bridges
from einklang.project.bridge import bridge

Environ = dict[str, Any]
Start = Callable[..., Any]


def echo(environ: Environ, start_response: Start) -> Iterable[bytes]:
    start_response("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [
        environ["REQUEST_METHOD"].encode(),
        b" ",
        environ["PATH_INFO"].encode("latin-1"),
        environ["wsgi.input"].read(),
    ]


def test_method_path_and_body_arrive_and_the_answer_comes_back() -> None:
    answer = _ask(echo, "POST", "/straße", content=b"!")
    assert (answer.status_code, answer.text) == (201, "POST /straße!")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_a_long_answer_arrives_whole_and_in_order() -> None:
    pieces = [bytes([number]) * 1000 for number in range(50)]
    assert _ask(lambda environ, start: _stream(start, pieces)).content == b"".join(pieces)


def test_an_empty_answer_is_an_answer() -> None:
    assert _ask(lambda environ, start: _stream(start, [])).content == b""


def test_headers_arrive_by_their_names_and_forged_ones_do_not() -> None:
    seen: Environ = {}
    headers = {"X-Forwarded-Proto": "http", "X_Forwarded_Proto": "https", "Cookie": "a=1"}
    _ask(lambda environ, start: (seen.update(environ), _stream(start, []))[1], headers=headers)
    assert seen["HTTP_X_FORWARDED_PROTO"] == "http"
    assert seen["HTTP_COOKIE"] == "a=1"
    assert seen["wsgi.url_scheme"] == "http"


def test_a_body_beyond_the_limit_is_refused_before_anything_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "LARGEST_BODY", 10)
    assert _ask(echo, "POST", content=b"12345678901").status_code == 413


def test_what_the_answer_holds_open_is_closed() -> None:
    class Answer:
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            yield b"x"

        def close(self) -> None:
            self.closed = True

    answer = Answer()
    _ask(lambda environ, start: (start("200 OK", []), answer)[1])
    assert answer.closed


def test_who_reads_nothing_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "PATIENCE_SECONDS", 0.2)
    app = bridge(_by_path)

    async def stall(path: str) -> None:
        await app(_get(path), _nothing, _never)

    async def ask() -> None:
        pages, films = ([asyncio.create_task(stall(path)) for _ in range(2)] for path in ("/page", "/film"))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await asyncio.wait_for(client.get("/page"), timeout=20)
        assert len(answer.content) == bridges.WHOLE
        await asyncio.wait_for(asyncio.gather(*films), timeout=20)  # given up
        assert not any(page.done() for page in pages)
        for page in pages:
            page.cancel()

    asyncio.run(ask())


def _by_path(environ: Environ, start_response: Start) -> Iterable[bytes]:
    pieces = 40 if environ["PATH_INFO"] == "/film" else 8
    return _stream(start_response, [bytes(bridges.PIECE)] * pieces)


def _get(path: str) -> dict[str, Any]:
    return {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "http_version": "1.1",
        "scheme": "http",
    }  # fmt: skip


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request"}


async def _never(message: object) -> None:
    await asyncio.Event().wait()


def _stream(start_response: Start, pieces: list[bytes]) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield from pieces


def _ask(
    wsgi: bridges.Wsgi,
    method: str = "GET",
    path: str = "/",
    *,
    content: bytes = b"",
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=bridge(wsgi))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, content=content, headers=headers)

    return asyncio.run(ask())
