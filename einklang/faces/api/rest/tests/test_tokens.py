"""Every operation of the document, tried by everybody who may not do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.api.rest.api import api
from einklang.faces.api.rest.tests import calling
from einklang.services.tokens import tokens
from einklang.services.tokens.scopes import SCOPES

NOBODY = str(UUID(int=7))
pytestmark = pytest.mark.django_db


def operations() -> list[tuple[str, str, str]]:
    """Method, path, scope."""
    paths: dict[str, Any] = api.get_openapi_schema(path_prefix="api/v1/")["paths"]
    return [
        (method.upper(), path, operation["security"][0]["ApiToken"][0])
        for path, methods in paths.items()
        for method, operation in methods.items()
        if "ApiToken" in operation.get("security", [{}])[0]
    ]


def call(secret: str | None, method: str, path: str) -> Any:
    for name in ("{person}", "{verdict}", "{message}", "{journey}", "{order}", "{case}", "{content}"):
        path = path.replace(name, NOBODY).replace("{act}", "pause")
    headers = {"authorization": f"Bearer {secret}"} if secret else None
    return Client(headers=headers).generic(method, path, b"{}", content_type="application/json")


def test_every_operation_but_health_asks_for_a_scope_that_there_is() -> None:
    paths = api.get_openapi_schema(path_prefix="api/v1/")["paths"]
    free = [path for path, methods in paths.items() for each in methods.values() if "security" not in each]
    assert [path for path in free if path.startswith("/api/")] == ["/api/v1/health"]
    assert {scope for _, _, scope in operations()} <= SCOPES.keys()


def test_without_a_token_or_with_an_invented_one_nothing_opens() -> None:
    for secret in (None, "ek_invented"):
        for method, path, _ in operations():
            answer = call(secret, method, path)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_or_revoked_token_opens_nothing() -> None:
    now = clock.real_now()
    _, old = tokens.create(cursor(), name="Alt", scopes=list(SCOPES), by=None, now=now - timedelta(days=2), days=1)
    id_, gone = calling.token()
    tokens.revoke(cursor(), id_, by=None, now=now)
    for secret in (old, gone):
        assert {call(secret, method, path).status_code for method, path, _ in operations()} == {401}


def test_a_token_with_all_scopes_but_the_one_is_refused_and_with_the_one_alone_it_is_not() -> None:
    secrets = {
        scope: (calling.token(*(SCOPES.keys() - {scope}))[1], calling.token(scope)[1]) for _, _, scope in operations()
    }
    for method, path, scope in operations():
        without, alone = secrets[scope]
        refused = call(without, method, path)
        assert refused.status_code == 403, (method, path)
        assert scope in refused.json()["detail"]
        assert call(alone, method, path).status_code not in (401, 403), (method, path)


def test_of_a_token_only_the_digest_is_kept_and_its_last_use_is_noted() -> None:
    _, secret = calling.token("people:read")
    rows = cursor().execute("SELECT row_to_json(t)::text FROM tokens_token t").fetchall()
    assert not any(secret in text for (text,) in rows)
    assert call(secret, "GET", "/api/v1/people").status_code == 200
    assert tokens.listing(cursor())[0].used_at is not None


def test_making_and_taking_back_a_token_stands_in_the_audit_trail() -> None:
    id_, _ = calling.token("people:read")
    tokens.revoke(cursor(), id_, by=None, now=clock.real_now())
    rows = cursor().execute("SELECT act FROM audit_entry WHERE object = %s ORDER BY position", (f"token:{id_}",))
    assert [act for (act,) in rows] == ["token.create", "token.revoke"]
