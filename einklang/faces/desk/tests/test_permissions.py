from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from einklang.core import ids, settings
from einklang.faces.desk.tests.conftest import Enter
from einklang.faces.desk.urls import urlpatterns
from einklang.facts.people.models import Person, TerritoryRep
from einklang.facts.people.roles import ACTS, ROLES
from tests import cast

ACT = {
    "today": "desk.open",
    "steps": "desk.open",
    "mails": "desk.open",
    "contacts": "desk.open",
    "task": "desk.visit",
    "person": "desk.open",
    "live": "desk.open",
    "history": "desk.open",
    "consent": "desk.visit",
    "plan": "desk.visit",
    "visit": "desk.visit",
    "call": "desk.visit",
    "choose": "desk.visit",
    "stage": "desk.visit",
    "asset": "desk.visit",
    "recommend": "desk.open",
    "sample": "desk.sample",
    "safety": "desk.open",
    "smpc": "desk.open",
}
POSTS = {"reply": "desk.visit", "draft": "desk.visit", "done": "desk.visit", "undo": "desk.open"}
OF_A_PERSON = (
    *("person", "live", "history", "consent", "plan", "visit", "call", "choose", "stage", "asset"),
    *("recommend", "sample", "reply", "draft"),
)
FILM = "content/film.webm"


@pytest.fixture
def doctor(doctor: Person) -> Person:
    """Something to show, with a file."""
    file = settings.get().home / "files" / FILM
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"webm")
    cast.article("film", assets={FILM: ids.digest(b"webm")})
    return doctor


def address(name: str, person: Person) -> str:
    match name:
        case "smpc":
            return reverse("desk:smpc", args=[cast.velunor().slug])
        case "stage":
            return reverse("desk:stage", args=[person.id, "film"])
        case "asset":
            return reverse("desk:asset", args=[person.id, "film", FILM])
        case "draft":
            return reverse("desk:draft", args=[person.id, "visit"])
        case "done":
            return reverse("desk:done", args=[ids.new()])
    return reverse(f"desk:{name}", kwargs={"person": person.id} if name in OF_A_PERSON else None)


def test_every_address_is_tested_here() -> None:
    assert {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)} == {*ACT, *POSTS}


@pytest.mark.parametrize("role", ROLES)
def test_only_the_roles_of_the_table_come_in(role: str, enter: Enter, doctor: Person) -> None:
    user = cast.petersen() if role == "rep" else cast.login_of(doctor) if role == "hcp" else cast.staff(role)
    client = enter(user)
    for name, act in ACT.items():
        expected = 200 if role in ACTS[act] else 403
        answer = client.get(address(name, doctor))
        b"".join(answer)  # a file is closed when it was read
        assert answer.status_code == expected, name
    for name, act in POSTS.items():
        if role not in ACTS[act]:
            assert client.post(address(name, doctor), {}).status_code == 403, name


def test_a_person_of_another_territory_does_not_exist(enter: Enter, doctor: Person) -> None:
    client = enter(cast.adler())
    for name in OF_A_PERSON:
        if name in ACT:
            assert client.get(address(name, doctor)).status_code == 404, name
    for name in ("plan", "visit", "call", "sample", "consent", "reply", "draft"):
        assert client.post(address(name, doctor), {}).status_code == 404, name
    assert client.get(reverse("desk:task"), {"person": str(doctor.id)}).status_code == 404


def test_lists_and_search_hold_nobody_of_another_territory(enter: Enter, doctor: Person) -> None:
    kern = cast.kern()
    client = enter(cast.adler())
    for page in (
        client.get(reverse("desk:today")),
        client.get(reverse("desk:steps")),
        client.get(reverse("desk:contacts")),
        client.get(reverse("desk:contacts"), {"q": "Albrecht"}),
    ):
        assert "Miriam Albrecht" not in page.content.decode()
    assert kern.display_name in client.get(reverse("desk:contacts")).content.decode()


def test_who_is_not_logged_in_is_asked_to_log_in(client: Client, doctor: Person) -> None:
    for name in (*ACT, *POSTS):
        answer = client.post(address(name, doctor)) if name in POSTS else client.get(address(name, doctor))
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/anmelden?next="), name


def test_a_rep_who_left_the_territory_sees_nobody(enter: Enter, doctor: Person) -> None:
    rep = cast.petersen()
    TerritoryRep.objects.filter(user=rep).update(until=cast.NOW)
    client = enter(rep)
    for name in OF_A_PERSON:
        if name in ACT:
            assert client.get(address(name, doctor)).status_code == 404, name
    for name in ("today", "mails", "steps"):
        assert "Albrecht" not in client.get(address(name, doctor)).content.decode(), name
    assert "Albrecht" not in enter(rep).get(reverse("desk:contacts")).content.decode()
