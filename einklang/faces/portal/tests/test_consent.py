from __future__ import annotations

import re
from datetime import timedelta

import pytest

from einklang.core.connection import cursor
from einklang.faces.portal.models import Notice
from einklang.faces.portal.tests.conftest import Enter
from einklang.facts.consent import preferences
from einklang.facts.consent.preferences import Preference
from einklang.facts.consent.status import status
from einklang.facts.people.models import Person
from einklang.loop.gate import browse
from einklang.services.privacy import acts
from tests import cast

pytestmark = pytest.mark.django_db

NOTHING = {"tracking": "reject", "next": "/wissen"}


def states(person: Person) -> dict[str, tuple[str, str | None]]:
    known = status(cursor(), [person.id])[person.id]
    return {name: (each.state, each.grade) for name, each in known.items()}


def test_the_first_visit_asks_and_then_goes_where_one_wanted(enter: Enter) -> None:
    cast.article()
    client = enter(cast.albrecht(), noticed=False)
    asked = client.get("/inhalt/herzinsuffizienz-praxis")
    assert asked.headers["Location"] == "/einwilligung?next=%2Finhalt%2Fherzinsuffizienz-praxis"
    answered = client.post("/einwilligung", {"tracking": "accept", "next": "/inhalt/herzinsuffizienz-praxis"})
    assert answered.headers["Location"] == "/inhalt/herzinsuffizienz-praxis"
    assert client.get("/inhalt/herzinsuffizienz-praxis").status_code == 200


def test_DE_TRK_03_no_and_yes_are_two_equal_buttons(enter: Enter) -> None:
    text = enter(cast.albrecht(), noticed=False).get("/einwilligung").content.decode()
    buttons = re.findall(r'<button class="([^"]*)" name="tracking" value="(\w+)">', text)
    assert buttons == [("btn", "reject"), ("btn", "accept")]


def test_DE_CON_08_no_box_is_ticked_and_each_stands_by_itself(enter: Enter) -> None:
    text = enter(cast.albrecht(), noticed=False).get("/einwilligung").content.decode()
    assert re.findall(r'<input type="checkbox" name="(\w+)">', text) == ["email", "mail_tracking"]
    assert re.findall(r'name="rep_visibility" value="(\w*)" checked', text) == [""]


def test_yes_to_tracking_is_yes_to_nothing_else(enter: Enter) -> None:
    doctor = cast.albrecht()
    enter(doctor, noticed=False).post("/einwilligung", {"tracking": "accept"})
    assert states(doctor) == {"tracking": ("granted", None)}


def test_a_no_is_kept_and_nobody_asks_again(enter: Enter) -> None:
    doctor = cast.albrecht()
    client = enter(doctor, noticed=False)
    assert client.post("/einwilligung", NOTHING).headers["Location"] == "/wissen"
    assert client.get("/wissen").status_code == 200
    assert states(doctor) == {}
    assert Notice.objects.get().accepted is False


def test_all_boxes_ask_for_the_second_click_by_mail_and_grant_the_rest(enter: Enter) -> None:
    cast.opt_in_mail()
    doctor = cast.albrecht()
    form = {"tracking": "accept", "email": "on", "mail_tracking": "on", "rep_visibility": "topic"}
    enter(doctor, noticed=False).post("/einwilligung", form)
    assert states(doctor) == {
        "tracking": ("granted", None),
        "email": ("pending", None),
        "mail_tracking": ("granted", None),
        "rep_visibility": ("granted", "topic"),
    }


def test_a_form_without_an_answer_says_so_and_keeps_what_was_ticked(enter: Enter) -> None:
    form = {"email": "on", "rep_visibility": "topic"}
    response = enter(cast.albrecht(), noticed=False).post("/einwilligung", form)
    text = response.content.decode()
    assert response.status_code == 200
    assert "einen der beiden Knöpfe" in text
    assert 'name="email" checked' in text
    assert 'value="topic" checked' in text
    assert not Notice.objects.exists()


def test_the_notice_leads_to_no_other_site(enter: Enter) -> None:
    client = enter(cast.albrecht(), noticed=False)
    assert client.post("/einwilligung", {**NOTHING, "next": "https://elsewhere.example"}).headers["Location"] == "/"


def test_DE_CON_05_the_link_shows_a_page_and_only_its_button_confirms(enter: Enter) -> None:
    cast.opt_in_mail()
    doctor = cast.albrecht()
    client = enter(doctor)
    client.post("/einstellungen", {"act": "allow", "permission": "email"})
    message = browse.listing(cursor(), person=doctor.id)[0]
    path = "/bestaetigen/" + message.variables["confirm_url"].rpartition("/")[2]
    assert client.get(path).status_code == 200
    assert states(doctor)["email"][0] == "pending"
    assert client.post(path).status_code == 200
    assert states(doctor)["email"][0] == "granted"


def test_a_forged_confirmation_changes_nothing_and_says_what_to_do(enter: Enter) -> None:
    doctor = cast.albrecht()
    response = enter(doctor).post("/bestaetigen/forged.token")
    assert response.status_code == 400
    assert "nicht von uns" in response.content.decode()
    assert states(doctor) == {}


def test_DE_CON_07_withdrawing_is_one_button(enter: Enter) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    client = enter(doctor)
    assert "Widerrufen" in client.get("/einstellungen").content.decode()
    client.post("/einstellungen", {"act": "withdraw", "permission": "tracking"})
    assert states(doctor)["tracking"][0] == "withdrawn"


def test_DE_CON_11_an_objection_to_visits_is_one_button_and_can_be_taken_back(enter: Enter) -> None:
    doctor = cast.albrecht()
    client = enter(doctor)
    client.post("/einstellungen", {"act": "object", "permission": "visit"})
    assert states(doctor)["visit"][0] == "objected"
    client.post("/einstellungen", {"act": "withdraw", "permission": "visit"})
    assert states(doctor)["visit"][0] != "objected"


def test_DE_TRK_04_the_reader_chooses_what_the_rep_sees(enter: Enter) -> None:
    doctor = cast.albrecht()
    client = enter(doctor)
    client.post("/einstellungen", {"act": "allow", "permission": "rep_visibility", "grade": "title"})
    assert states(doctor)["rep_visibility"] == ("granted", "title")
    client.post("/einstellungen", {"act": "allow", "permission": "rep_visibility", "grade": "topic"})
    assert states(doctor)["rep_visibility"] == ("granted", "topic")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "allow", "permission": "everything"},
        {"act": "object", "permission": "tracking"},
        {"act": "allow", "permission": "rep_visibility", "grade": "all"},
    ],
)
def test_an_unknown_button_changes_nothing(enter: Enter, form: dict[str, str]) -> None:
    doctor = cast.albrecht()
    assert enter(doctor).post("/einstellungen", form).status_code == 400
    assert states(doctor) == {}


def test_a_new_wish_for_less_mail_leaves_the_pause(enter: Enter) -> None:
    doctor, until = cast.albrecht(), cast.NOW + timedelta(days=30)
    acts.prefer(cursor(), person=doctor.id, preference=Preference("normal", until), now=cast.NOW)
    enter(doctor).post("/einstellungen", {"act": "prefer", "frequency": "monthly"})
    assert preferences.read(cursor(), [doctor.id])[doctor.id] == Preference("monthly", until)


def wish_of(doctor: Person) -> Preference:
    return preferences.read(cursor(), [doctor.id])[doctor.id]


def test_how_often_is_wished_for_each_way(enter: Enter) -> None:
    doctor = cast.albrecht()
    client = enter(doctor)
    form = {"act": "prefer", "frequency": "monthly", "email": "normal", "visit": "quarterly", "phone": "monthly"}
    assert client.post("/einstellungen", form).status_code == 302
    assert wish_of(doctor) == Preference("monthly", channels={"visit": "quarterly", "phone": "monthly"})
    page = client.get("/einstellungen").content.decode()
    assert '<option value="quarterly" selected>' in page


@pytest.mark.parametrize(("locale", "told"), [("de", "Diese Häufigkeit gibt es nicht."), ("en", "no such frequency")])
def test_a_frequency_that_does_not_exist_is_told_at_its_field_and_changes_nothing(
    enter: Enter, locale: str, told: str
) -> None:
    doctor = cast.albrecht()
    form = {"act": "prefer", "frequency": "monthly", "visit": "hourly", "phone": "quarterly"}
    client = enter(doctor)
    client.post("/ui/language", {"locale": locale, "next": "/"})
    answer = client.post("/einstellungen", form)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert told in page
    assert 'id="id_visit-error"' in page
    assert '<option value="quarterly" selected>' in page
    assert preferences.read(cursor(), [doctor.id]) == {}


def test_a_pause_holds_for_visits_and_calls_only_where_that_is_ticked(enter: Enter) -> None:
    doctor = cast.albrecht()
    client = enter(doctor)
    client.post("/einstellungen", {"act": "pause", "until": "", "quick": "2026-12-05"})
    assert not wish_of(doctor).pause_visits
    client.post("/einstellungen", {"act": "pause", "until": "2026-12-24", "visits": "on"})
    assert wish_of(doctor).pause_visits
    assert "auch Besuche und Anrufe" in client.get("/einstellungen").content.decode()
    client.post("/einstellungen", {"act": "resume"})
    assert wish_of(doctor) == Preference()


def test_a_pause_that_ends_yesterday_is_refused_with_its_tick_kept(enter: Enter) -> None:
    doctor = cast.albrecht()
    answer = enter(doctor).post("/einstellungen", {"act": "pause", "until": "2020-01-01", "visits": "on"})
    page = answer.content.decode()
    assert "frühestens morgen" in page
    assert 'value="2020-01-01"' in page
    assert re.search(r'<input[^>]*name="visits"[^>]* checked', page)
    assert preferences.read(cursor(), [doctor.id]) == {}
