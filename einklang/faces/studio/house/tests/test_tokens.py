from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from einklang.core import clock, ids
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.facts.audit import trail
from einklang.facts.people.models import User
from einklang.services.tokens import tokens

pytestmark = pytest.mark.django_db
PASSWORD = "zwölf Fichten am Maschsee"
NEW = "/studio/keys/tokens/new"


@pytest.fixture
def client(enter: Enter) -> Client:
    found = enter("administrator")
    user = User.objects.get(pk=found.session["_auth_user_id"])
    user.set_password(PASSWORD)
    user.save()
    found.force_login(user)
    return found


def filled(**more: Any) -> dict[str, Any]:
    told = {"name": "CRM", "scopes": ["people:read", "requests:write"], "days": "90", "proof": PASSWORD}
    return {**told, "token": str(ids.new()), **more}


def secrets_on(page: str) -> list[str]:
    return re.findall(r"ek_[\w-]{20,}", page)


def test_a_token_is_shown_once_and_works_and_the_audit_log_knows_who_made_it(client: Client) -> None:
    answer = client.post(NEW, filled())
    (secret,) = secrets_on(answer.content.decode())
    made = tokens.recognise(cursor(), secret, clock.real_now())
    assert made is not None
    assert set(made.scopes) == {"people:read", "requests:write"}
    (act,) = trail.listing(cursor(), limit=9, act="token.create")
    assert (act.object, str(act.who)) == (f"token:{made.id}", client.session["_auth_user_id"])
    page = client.get(reverse("studio:tokens")).content.decode()
    assert "CRM" in page
    assert secrets_on(page) == []


def test_the_form_sent_twice_makes_one_token_and_the_second_is_told(client: Client) -> None:
    form = filled()
    client.post(NEW, form)
    again = client.post(NEW, form).content.decode()
    assert "schon angelegt" in again
    assert secrets_on(again) == []
    assert len(tokens.listing(cursor())) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"proof": "falsch"}, "Passwort oder Code stimmen nicht."),
        ({"proof": ""}, "Es fehlt Ihr Passwort"),
        ({"name": " "}, "Diese Angabe fehlt."),
        ({"scopes": []}, "Diese Angabe fehlt."),
        ({"scopes": ["alles"]}, "Bitte wählen Sie aus der Liste."),
        ({"days": "4000"}, "Bitte wählen Sie aus der Liste."),
    ],
)
def test_what_is_not_right_makes_none_and_keeps_the_entries(client: Client, wrong: dict[str, Any], told: str) -> None:
    page = client.post(NEW, filled(**wrong)).content.decode()
    assert told in page
    assert PASSWORD not in page
    assert 'value="requests:write"' in page
    assert tokens.listing(cursor()) == []


def test_one_that_was_taken_back_opens_nothing_and_the_second_who_does_it_is_told(client: Client) -> None:
    id_, secret = tokens.create(cursor(), name="CRM", scopes=["people:read"], by=None, now=clock.real_now())
    place = reverse("studio:token-revoke", args=[id_])
    assert "gilt nicht mehr" in client.post(place, follow=True).content.decode()
    assert tokens.recognise(cursor(), secret, clock.real_now()) is None
    assert "gilt schon nicht mehr" in client.post(place, follow=True).content.decode()


def test_an_auditor_sees_who_has_one_and_makes_none(enter: Enter) -> None:
    tokens.create(cursor(), name="CRM", scopes=["people:read"], by=None, now=clock.real_now())
    auditor = enter("auditor")
    page = auditor.get(reverse("studio:tokens")).content.decode()
    assert "CRM" in page
    assert "Zurücknehmen" not in page
    assert "Token anlegen" not in page
    assert auditor.get(NEW).status_code == 403
