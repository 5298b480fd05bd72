"""Each form of portal and desk: a second click does nothing twice, an ended session loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from psycopg import sql

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, safety_mail
from einklang.faces.portal.models import Notice
from einklang.facts.people.models import Person, User
from einklang.project.demo.client import Form, Forms
from tests import cast

TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('django_session', 'gate_verdict')
ORDER BY relname
"""  # a verdict says that somebody asked, and she asked twice
SIGNATURE = "M70 96L78 66L92 34"
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """`of`: values that tell the form from the others of its page; `typed`: what is filled in."""

    page: str
    typed: dict[str, Any] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    about: str = ""  # the doctor, or the slug of a content
    action: str = ""

    def __str__(self) -> str:
        return "-".join(
            (self.page, *self.of.values(), *(str(self.typed[name]) for name in ("act",) if name in self.typed))
        )


DOCTOR, ARTICLE = "doctor", "herzinsuffizienz-praxis"
PACK, VELUNOR = "<pack>", "<velunor>"
DESK = (
    Case("desk:person", {"answer": "accept"}, {"key": "visit"}, DOCTOR),
    Case("desk:person", {"until": "week"}, {"answer": "later"}, DOCTOR),
    Case("desk:person", {"reason": "not_now"}, {"answer": "dismiss"}, DOCTOR),
    Case("desk:task", {"title": "Studie ausdrucken", "due": "2026-11-25"}),
    Case("desk:plan", {"at": "2026-11-26T10:00"}, about=DOCTOR),
    Case("desk:visit", {"products": VELUNOR, "presented": VELUNOR, "minutes": "12", "safety": "no"}, about=DOCTOR),
    Case("desk:call", {"presumed_because": "asked_for", "minutes": "5", "safety": "no"}, about=DOCTOR),
    Case("desk:sample", {"pack": PACK, "signature": SIGNATURE, "own_request": "on"}, about=DOCTOR),
    Case("desk:consent", {"may_tracking": "on", "name": "Miriam Albrecht", "signature": SIGNATURE}, about=DOCTOR),
    Case("desk:safety", {"statement": "Schwindel nach der ersten Tablette."}),
)
PORTAL = (
    Case("portal:article", about=ARTICLE, action="/merken", typed={"keep": "1"}),
    Case("portal:preferences", {"act": "allow"}, {"permission": "tracking"}),
    Case("portal:preferences", {"act": "allow"}, {"permission": "email"}),
    Case("portal:preferences", {"act": "allow"}, {"permission": "rep_visibility"}),
    Case("portal:preferences", {"act": "object"}, {"permission": "visit"}),
    Case("portal:preferences", {"act": "object"}, {"permission": "marketing"}),
    Case("portal:preferences", {"frequency": "monthly"}, {"act": "prefer"}),
    Case("portal:preferences", {"until": "2026-12-24"}, {"act": "pause"}),
    Case("portal:mydata_correct", {"phone": "0511 4711"}),
    Case("portal:mydata_erase", {"understood": "on"}),
    Case("portal:safety", {"statement": "Ausschlag am zweiten Tag."}),
    Case("portal:notice", {"tracking": "accept"}),
)


@pytest.fixture(autouse=True)
def story_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda cur=None: TUESDAY)


@pytest.fixture
def doctor() -> Person:
    for make in (cast.article, cast.product_article, cast.linosan, cast.opt_in_mail, safety_mail):
        make()
    person = cast.albrecht()
    Notice.objects.create(user=cast.login_of(person), accepted=False, at=cast.NOW)
    return person


@pytest.mark.parametrize("case", DESK, ids=str)
def test_on_the_desk_a_second_click_does_nothing_twice(case: Case, doctor: Person) -> None:
    _twice(case, cast.petersen(), doctor)


@pytest.mark.parametrize("case", PORTAL, ids=str)
def test_in_the_portal_a_second_click_does_nothing_twice(case: Case, doctor: Person) -> None:
    _twice(case, cast.login_of(doctor), doctor)


@pytest.mark.parametrize("case", [*DESK, *PORTAL], ids=str)
def test_what_was_sent_into_an_ended_session_waits_behind_the_login(case: Case, doctor: Person) -> None:
    user = cast.petersen() if case in DESK else cast.login_of(doctor)
    client, form = _opened(case, user, doctor)
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    before = _rows()
    answer = client.post(form.action, form.fields)
    assert answer.headers["Location"].startswith("/anmelden")
    assert _rows() == before, "nothing is done for nobody"
    client.post("/anmelden", {"login": user.email, "password": cast.PASSWORD, "next": "/ui/kept"})
    waiting = client.get("/ui/kept").context["kept"]
    assert waiting["path"] == form.action
    typed = {name: values for name, values in form.fields.items() if name in case.typed}
    assert {name: [value for key, value in waiting["fields"] if key == name] for name in typed} == typed


def _twice(case: Case, user: User, doctor: Person) -> None:
    """Clicked twice, and sent once more by the back button."""
    client, form = _opened(case, user, doctor)
    before = _rows()
    answer = client.post(form.action, form.fields)
    assert answer.status_code < 400, answer.content.decode()
    once = _rows()
    assert once != before, "the form does something"
    for _ in range(2):
        assert client.post(form.action, form.fields).status_code < 500
        assert _rows() == once


def _opened(case: Case, user: User, doctor: Person) -> tuple[Client, Form]:
    """The form as its page hands it out, filled in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    pack, product = str(cast.pack().id), str(cast.velunor().id)
    about = [doctor.id if case.about == DOCTOR else case.about] if case.about else []
    path = reverse(case.page, args=about)
    page = Forms()
    page.feed(client.get(path).content.decode())
    form = next(each for each in page.forms if each.method == "post" and _fits(each, case))
    typed = {name: {PACK: pack, VELUNOR: product}.get(value, value) for name, value in case.typed.items()}
    form.fields |= {name: [value] for name, value in typed.items()}
    form.action = form.action or path
    return client, form


def _fits(form: Form, case: Case) -> bool:
    return (
        case.typed.keys() <= form.names | {"keep"}
        and all(form.fields.get(name) == [value] for name, value in case.of.items())
        and form.action.endswith(case.action)
    )


def _rows() -> dict[str, int]:
    """How many stand in each table."""
    tables = [name for (name,) in cursor().execute(TABLES)]
    counts = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(name)) for name in tables
    )
    return dict(cursor().execute(counts).fetchall())
