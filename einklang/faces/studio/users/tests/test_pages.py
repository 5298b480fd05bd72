from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.audit import trail
from einklang.facts.content import read as content
from einklang.facts.content import sign
from einklang.facts.people import staffing, users
from einklang.facts.people.models import User
from einklang.facts.people.users import By
from einklang.loop.gate import browse
from einklang.services.accounts import acts as accounts
from einklang.ui import places
from tests import cast

pytestmark = pytest.mark.django_db
INVITED = {"name": "Mara Lind", "email": "Mara.Lind@aurelia.example", "locale": "de", "roles": ["rep"], "reason": "neu"}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(cast.administrator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_who_is_invited_gets_a_mail_and_chooses_a_password(admin: Client) -> None:
    assert admin.post("/studio/users/new", INVITED).status_code == 302
    made = User.objects.get(email="mara.lind@aurelia.example")
    assert not made.has_usable_password()
    (mail,) = [each for each in browse.listing(cursor(), limit=9) if "access_url" in each.variables]
    path = places.PASSWORD.path(mail.variables["access_url"].rpartition("/")[2])
    words = {"new_password1": "langes-gutes-wort", "new_password2": "langes-gutes-wort"}
    assert Client().post(path, words).status_code == 302
    made.refresh_from_db()
    assert made.check_password("langes-gutes-wort")


def test_an_address_that_has_an_account_is_told_at_the_field_and_the_input_stays(admin: Client) -> None:
    taken = admin.post("/studio/users/new", INVITED | {"email": cast.auditor().email})
    assert "hat schon ein Konto" in taken.content.decode()
    assert "Mara Lind" in taken.content.decode()


def test_without_a_released_mail_nobody_is_invited_and_the_page_says_why(admin: Client) -> None:
    sign.withdraw(cursor(), content.live(cursor(), [accounts.INVITATION], cast.NOW)[accounts.INVITATION].id)
    told = admin.post("/studio/users/new", INVITED).content.decode()
    assert "nicht freigegeben" in told
    assert "Mara Lind" in told
    assert not User.objects.filter(email="mara.lind@aurelia.example").exists()


def test_every_change_of_rights_is_written_down_with_its_reason(admin: Client) -> None:
    rep = cast.petersen()
    assert admin.post(_at(rep), _change(rep, roles=["rep", "marketing"], reason="Vertretung")).status_code == 302
    (told,) = trail.listing(cursor(), limit=5, object=f"user:{rep.id}")
    assert (told.act, told.old, told.new, told.reason) == ("user.roles", ["rep"], ["marketing", "rep"], "Vertretung")
    assert "Vertretung" in admin.get(_at(rep)).content.decode()


def test_without_a_reason_nothing_changes(admin: Client) -> None:
    rep = cast.petersen()
    assert "Diese Angabe fehlt" in admin.post(_at(rep), _change(rep, roles=["analyst"], reason="")).content.decode()
    rep.refresh_from_db()
    assert rep.roles == ["rep"]


def test_the_second_of_two_editors_is_told_and_can_go_on(admin: Client) -> None:
    rep = cast.petersen()
    mine, theirs = _change(rep, roles=["analyst"]), _change(rep, roles=["marketing"])
    admin.post(_at(rep), theirs)
    told = admin.post(_at(rep), mine)
    assert "Jemand anderes hat dieses Konto" in told.content.decode()
    rep.refresh_from_db()
    assert rep.roles == ["marketing"]
    again = mine | {"version": told.context["forms"]["account"]["version"].value()}
    assert admin.post(_at(rep), again).status_code == 302
    rep.refresh_from_db()
    assert rep.roles == ["analyst"]


@pytest.mark.parametrize("act", ["change", "deactivate"])
def test_the_last_administrator_stays(admin: Client, act: str) -> None:
    boss = cast.administrator()
    refused = admin.post(_at(boss), _change(boss, roles=["auditor"]) | {"act": act})
    assert "das letzte Konto" in refused.content.decode()
    boss.refresh_from_db()
    assert (boss.roles, boss.is_active) == (["administrator"], True)


def test_a_deactivated_account_ends_at_the_next_click_and_comes_back_by_undo(admin: Client) -> None:
    rep, desk = cast.petersen(), Client()
    desk.force_login(rep, backend="django.contrib.auth.backends.ModelBackend")
    admin.post(_at(rep), {"act": "deactivate", "version": "1", "reason": "ausgeschieden"})
    assert desk.get("/desk/").status_code == 302
    toast = admin.get(_at(rep)).context["toast"]
    admin.post(toast["undo"], dict(toast["fields"]))
    rep.refresh_from_db()
    assert rep.is_active


def test_a_territory_is_given_once_and_ends_with_a_way_back(admin: Client) -> None:
    rep = cast.petersen()
    wanted = {"act": "assign", "territory": str(cast.south().id), "since": "2026-11-01", "until": "", "reason": "neu"}
    assert admin.post(_at(rep), wanted).status_code == 302
    assert "schon zugeteilt" in admin.post(_at(rep), wanted).content.decode()
    mine = [each for each in staffing.assignments(cursor(), [rep.id]) if each.name == cast.south().name]
    admin.post(_at(rep), {"act": "unassign", "number": mine[0].id, "reason": "Ende"})
    assert staffing.assignments(cursor(), [rep.id])[0].until is not None
    toast = admin.get(_at(rep)).context["toast"]
    admin.post(toast["undo"], dict(toast["fields"]))
    assert all(each.until is None for each in staffing.assignments(cursor(), [rep.id]))


def test_an_end_before_the_beginning_is_told_at_its_field(admin: Client) -> None:
    period = {"since": "2026-11-01", "until": "2026-10-01", "reason": "x"}
    refused = admin.post(_at(cast.petersen()), {"act": "qualify", "kind": "pharmacist", **period})
    assert "Das Ende liegt vor dem Beginn" in refused.content.decode()


def test_an_auditor_reads_and_changes_nothing() -> None:
    client, rep = Client(), cast.petersen()
    client.force_login(cast.auditor(), backend="django.contrib.auth.backends.ModelBackend")
    assert '<form class="panel"' not in client.get(_at(rep)).content.decode()
    assert client.post(_at(rep), _change(rep, roles=["analyst"])).status_code == 403
    assert client.get("/studio/users/new").status_code == 403


def test_the_access_review_is_the_list_as_a_file(admin: Client) -> None:
    rep = cast.petersen()
    lines = b"".join(admin.get("/studio/users/?als=csv&rolle=rep")).decode().splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == [rep.email]


def test_the_list_asks_as_often_for_many_as_for_few(admin: Client, django_assert_num_queries: Any) -> None:
    cast.petersen()
    admin.get("/studio/users/")
    with django_assert_num_queries(count := _queries(admin)):
        admin.get("/studio/users/")
    for number in range(20):
        _somebody(number)
    assert _queries(admin) == count


def test_a_role_of_the_portal_is_nobody_elses_to_give() -> None:
    by = By(None, "x")
    with pytest.raises(InputError, match="roles"):
        users.create(cursor(), email="a@b.example", name="A", roles=["hcp"], by=by, now=cast.NOW)


def _queries(client: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.get("/studio/users/")
    return len(asked)


def _somebody(number: int) -> None:
    users.create(
        cursor(), email=f"p{number}@aurelia.example", name=f"P {number}", roles=["rep"], by=By(None, "x"), now=cast.NOW
    )


def _at(user: User) -> str:
    return f"/studio/users/{user.id}/"


def _change(user: User, **changes: Any) -> dict[str, Any]:
    about = {"name": user.name, "locale": user.locale, "roles": user.roles, "version": user.version, "reason": "x"}
    return {"act": "change", **about, **changes}
