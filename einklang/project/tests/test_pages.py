from __future__ import annotations

import re

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from playwright.sync_api import Page

from einklang.core.connection import cursor
from einklang.project import outage

QUOTED = "Key (email)=(miriam@praxis.example) exists"  # as a database quotes it


@pytest.mark.django_db
def test_every_page_forbids_foreign_scripts(client: Client) -> None:
    policy = client.get("/anmelden").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize(("accept", "kind"), [("text/html", "text/html"), ("application/json", "application/problem")])
def test_without_a_database_a_page_asks_to_come_back(accept: str, kind: str) -> None:
    answer = _server_error(psycopg.OperationalError("gone"), accept)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.headers["Content-Type"].startswith(kind)


def test_a_page_that_takes_the_database_too_long_asks_to_come_back(fresh_db: str) -> None:
    for through in (cursor, connection.cursor):
        cursor().execute("SET transaction_timeout = '50ms'")
        with pytest.raises((Error, psycopg.Error)) as slow, transaction.atomic():
            through().execute("SELECT pg_sleep(1)")
        assert _server_error(slow.value, "text/html").status_code == 503


def test_another_error_has_a_reference_that_stands_in_the_log_without_what_was_quoted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = _server_error(ValueError(QUOTED), "text/html")
    found = re.search(r"<b class=\"num\">([0-9A-F]{8})</b>", answer.content.decode())
    assert answer.status_code == 500
    assert found
    assert f"Reference {found[1]} in : ValueError" in caplog.text
    assert "test_pages.py" in caplog.text, "where it happened"
    assert "miriam" not in caplog.text


def fails(request: HttpRequest) -> HttpResponse:
    raise ValueError(QUOTED)


urlpatterns = [path("fails", fails)]
handler500 = "einklang.project.outage.server_error"


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_nothing_else_logs_the_message_of_an_error(caplog: pytest.LogCaptureFixture) -> None:
    answer = Client(raise_request_exception=False).get("/fails")
    assert answer.status_code == 500
    assert ".fails: ValueError" in caplog.text
    assert "miriam" not in caplog.text


@pytest.mark.browser
def test_the_browser_opens_the_first_page(server: str, page: Page) -> None:
    page.goto(server)
    assert page.title()


def _server_error(problem: Exception, accept: str) -> HttpResponse:
    request: WSGIRequest = RequestFactory().get("/", headers={"accept": accept})
    try:
        raise problem
    except type(problem):
        return outage.server_error(request)
