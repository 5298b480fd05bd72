from __future__ import annotations

import httpx

PROBLEM, JSON, PAGE = "application/problem+json", "application/json", "text/html; charset=utf-8"
ASKED = {
    "POST /v1/track": (401, PROBLEM),
    "POST /api/s/s2s/track": (401, PROBLEM),
    "POST /beacon/v1/batch": (401, PROBLEM),
    "GET /sourceConfig/?writeKey=abc": (200, JSON),
    "GET /v1/projects/abc/settings": (200, JSON),
    "GET /anmelden": (200, PAGE),
}


def test_what_machines_ask_for_is_answered_by_the_intake_and_pages_by_django(server: str) -> None:
    assert {each: answer(server, *each.split(" ")) for each in ASKED} == ASKED


def answer(server: str, method: str, path: str) -> tuple[int, str]:
    told = httpx.request(method, f"{server}{path}", json={"batch": []} if method == "POST" else None)
    return told.status_code, told.headers["content-type"]
