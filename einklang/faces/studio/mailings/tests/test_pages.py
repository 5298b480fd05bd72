"""A mailing in the studio: drafted, counted, scheduled, taken back, stopped, read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from einklang.core import settings
from einklang.core.clock import ZONE
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.facts.audit import trail
from einklang.loop.channels.email import links
from einklang.loop.channels.email.sender_check import Finding
from einklang.loop.decide.mailings import proofs, run, store
from einklang.loop.gate import mail_domain
from einklang.loop.interactions import log, make, pressure
from einklang.services.privacy import unsubscribe
from tests import cast

pytestmark = pytest.mark.django_db
NOON = cast.NOW + timedelta(hours=5)
TODAY = cast.NOW.date().isoformat()
REASON = "Der Betreff nennt das falsche Quartal."


@pytest.fixture(autouse=True)
def people() -> None:
    cast.mail()
    for person in cast.everybody():
        if person.specialty:
            cast.allow(person, "email", now=cast.NOW - timedelta(days=1))


@pytest.fixture
def marketing(enter: Enter) -> Client:
    return enter("marketing")


def begun(client: Client) -> UUID:
    client.post("/studio/mailings/new")
    return store.listing(cursor())[0].id


def fields(revision: int = 1, **changes: Any) -> dict[str, Any]:
    base = {"name": "Velunor im Herbst", "content": str(cast.mail().id), "begins": TODAY, "ends": TODAY}
    return {**base, "revision": revision, **changes}


def saved(client: Client, **changes: Any) -> UUID:
    mailing = begun(client)
    answer = client.post(f"/studio/mailings/{mailing}/", fields(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return mailing


def scheduled(client: Client) -> UUID:
    mailing = saved(client)
    client.post(f"/studio/mailings/{mailing}/schedule", {"starts_at": f"{TODAY}T12:42", "revision": 2})
    return mailing


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return str(answer.content.decode())


def test_without_any_the_list_says_what_belongs_here(enter: Enter) -> None:
    shown = text(enter("auditor").get("/studio/mailings/"))
    assert "Hier stehen Aussendungen" in shown
    assert "mailings/new" not in shown, "an auditor looks on"


def test_begun_by_a_double_click_it_is_begun_once(marketing: Client) -> None:
    assert begun(marketing) == begun(marketing)
    assert len(store.listing(cursor())) == 1
    assert len(trail.listing(cursor(), limit=9, act="mailing.create")) == 1


def test_a_draft_counts_nobody_in_the_list(marketing: Client) -> None:
    saved(marketing)
    assert text(marketing.get("/studio/mailings/")).count('<td class="r">–</td>') == 2


def test_the_count_follows_the_form_and_keeps_nothing(enter: Enter) -> None:
    admin = enter("administrator")
    mailing = begun(admin)
    shown = text(admin.post(f"/studio/mailings/{mailing}/look", fields()))
    assert "Dürfen wir schreiben" in shown
    assert '<dd class="n">4</dd>' in shown
    assert "DE-CON" in shown
    assert store.get(cursor(), mailing).content is None


def test_who_sees_no_names_sees_no_small_groups(marketing: Client) -> None:
    mailing = begun(marketing)
    shown = text(marketing.post(f"/studio/mailings/{mailing}/look", fields(specialties=["Kardiologie"])))
    assert "unter 5" in shown
    assert '<dd class="n">1</dd>' not in shown


def test_a_draft_keeps_what_was_chosen_and_the_second_editor_is_told(marketing: Client) -> None:
    mailing = saved(marketing, specialties=["Kardiologie"], not_contacted_within=30)
    assert store.get(cursor(), mailing).document == {"specialties": ["Kardiologie"], "not_contacted_within": 30}
    again = text(marketing.post(f"/studio/mailings/{mailing}/", fields(name="Anderer Name")), 409)
    assert "anders als Sie: Name, Kein Kontakt seit so vielen Tagen, Fachgebiet." in again
    assert "Anderer Name" in again, "what was typed stays"
    assert 'name="revision" value="2"' in again, "saved once more, it counts"


def test_who_saves_a_draft_that_was_scheduled_meanwhile_is_told(marketing: Client) -> None:
    mailing = scheduled(marketing)
    answer = marketing.post(f"/studio/mailings/{mailing}/", fields(name="Zu spät"), follow=True)
    assert "Jemand war schneller" in text(answer)
    assert store.get(cursor(), mailing).name == "Velunor im Herbst"


def test_a_wrong_entry_names_field_rule_and_way_out_and_keeps_the_rest(marketing: Client) -> None:
    mailing = begun(marketing)
    shown = text(marketing.post(f"/studio/mailings/{mailing}/", fields(ends="2026-01-01")), 422)
    assert "Der Zeitraum endet, bevor er beginnt. Wählen Sie ein späteres Ende." in shown
    assert "Velunor im Herbst" in shown


def test_scheduled_run_and_read_with_every_act_on_record(marketing: Client) -> None:
    mailing = scheduled(marketing)
    assert "Geplant" in text(marketing.get(f"/studio/mailings/{mailing}/"))
    while run.advance(cursor(), NOON):
        pass
    shown = text(marketing.get(f"/studio/mailings/{mailing}/"))
    assert "Fertig" in shown
    assert "Was daraus wurde" in shown
    acts = [each.act for each in trail.listing(cursor(), limit=9, object=f"mailing:{mailing}")]
    assert acts == ["mailing.schedule", "mailing.save", "mailing.create"]


def test_a_start_outside_of_the_period_is_refused_at_its_field(marketing: Client) -> None:
    mailing = saved(marketing)
    late = {"starts_at": "2027-03-01T12:00", "revision": 2}
    shown = text(marketing.post(f"/studio/mailings/{mailing}/schedule", late), 422)
    assert "Der Beginn liegt nicht im Zeitraum" in shown
    assert store.get(cursor(), mailing).state == "draft"


def test_a_start_that_is_over_is_refused_and_one_that_was_offered_while_she_read_is_not(marketing: Client) -> None:
    mailing = saved(marketing)
    over = (cast.NOW - timedelta(hours=3)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    shown = text(marketing.post(f"/studio/mailings/{mailing}/schedule", {"starts_at": over, "revision": 2}), 422)
    assert "Dieser Zeitpunkt ist vorbei." in shown
    offered = (cast.NOW - timedelta(minutes=20)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    marketing.post(f"/studio/mailings/{mailing}/schedule", {"starts_at": offered, "revision": 2})
    assert store.get(cursor(), mailing).state == "scheduled"


def test_a_segment_that_nobody_fits_is_not_scheduled(marketing: Client) -> None:
    mailing = saved(marketing, contacted_within=1, not_contacted_within=1)
    at = {"starts_at": f"{TODAY}T12:42", "revision": 2}
    shown = text(marketing.post(f"/studio/mailings/{mailing}/schedule", at), 422)
    assert "Auf niemanden passt dieses Segment." in shown
    assert store.get(cursor(), mailing).state == "draft"


def test_without_a_mail_there_is_nothing_to_try_and_to_schedule(marketing: Client) -> None:
    shown = text(marketing.get(f"/studio/mailings/{begun(marketing)}/"))
    assert "Sobald eine Mail gespeichert ist" in shown
    assert "Wählen Sie eine freigegebene Mail und speichern Sie" in shown
    assert "Aussendung planen" not in shown


def test_what_keeps_every_mail_from_leaving_is_said_before_it_is_scheduled(
    marketing: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = saved(marketing)
    assert "Werbung per E‑Mail wartet." not in text(marketing.get(f"/studio/mailings/{mailing}/"))
    monkeypatch.setenv("EINKLANG_SMTP_URL", "smtp://mail.aurelia.example:25")
    settings.get.cache_clear()
    mail_domain.keep(cursor(), settings.get().mail_domain, [Finding("spf", "missing", "", "")], cast.NOW)
    assert "Werbung per E‑Mail wartet." in text(marketing.get(f"/studio/mailings/{mailing}/"))
    monkeypatch.undo()
    settings.get.cache_clear()


def test_a_deleted_draft_comes_back_with_what_it_held(marketing: Client) -> None:
    mailing = saved(marketing, specialties=["Kardiologie"], not_contacted_within=30)
    before = store.get(cursor(), mailing)
    marketing.post(f"/studio/mailings/{mailing}/drop", {"revision": 2})
    back: dict[str, list[str]] = {}
    for name, value in marketing.session["studio_toast"]["fields"]:
        back.setdefault(name, []).append(value)
    marketing.post("/studio/mailings/new", back)
    (again,) = store.listing(cursor())
    assert again.wanted == before.wanted


def test_a_second_click_on_schedule_changes_nothing_and_it_can_be_taken_back(marketing: Client) -> None:
    mailing = scheduled(marketing)
    marketing.post(f"/studio/mailings/{mailing}/schedule", {"starts_at": f"{TODAY}T12:42", "revision": 2})
    assert store.get(cursor(), mailing).state == "scheduled"
    marketing.post(f"/studio/mailings/{mailing}/unschedule")
    assert store.get(cursor(), mailing).state == "draft"


def test_stopped_with_a_reason_and_told_what_had_gone(marketing: Client) -> None:
    mailing = scheduled(marketing)
    run.advance(cursor(), NOON, 2)
    assert "Schon gegangen" in text(marketing.get(f"/studio/mailings/{mailing}/stop"))
    assert "zu kurz" in text(marketing.post(f"/studio/mailings/{mailing}/stop", {"reason": "weil"}), 422)
    marketing.post(f"/studio/mailings/{mailing}/stop", {"reason": REASON})
    while run.advance(cursor(), NOON):
        pass
    assert store.get(cursor(), mailing).state == "stopped"
    assert REASON in text(marketing.get(f"/studio/mailings/{mailing}/"))


def test_a_draft_is_deleted_only_as_it_was_seen(marketing: Client) -> None:
    mailing = saved(marketing)
    marketing.post(f"/studio/mailings/{mailing}/drop", {"revision": 1})
    assert store.get(cursor(), mailing).state == "draft"
    marketing.post(f"/studio/mailings/{mailing}/drop", {"revision": 2})
    assert store.listing(cursor()) == []


def test_a_test_goes_to_oneself_once_however_often_is_clicked(marketing: Client) -> None:
    mailing = saved(marketing)
    for _ in range(2):
        marketing.post(f"/studio/mailings/{mailing}/test", {"to": ["me"]})
    (proof,) = proofs.latest(cursor(), mailing)
    assert (proof.user, proof.test) == (cast.staff("marketing").id, True)
    shown = text(marketing.get(f"/studio/mailings/{mailing}/"))
    assert "gerade erst hinausgegangen" in shown
    assert trail.listing(cursor(), limit=1, act="mailing.test")[0].new == 0


def test_a_draft_without_a_mail_is_not_tried(marketing: Client) -> None:
    mailing = begun(marketing)
    marketing.post(f"/studio/mailings/{mailing}/test", {"to": ["me"]})
    assert "Speichern Sie zuerst eine Mail" in text(marketing.get(f"/studio/mailings/{mailing}/"))
    assert proofs.latest(cursor(), mailing) == []


def test_the_seed_list_is_kept_with_undo_and_gets_what_runs(marketing: Client) -> None:
    user = str(cast.auditor().id)
    marketing.post("/studio/mailings/seeds/add", {"user": user})
    assert cast.auditor().name in text(marketing.get("/studio/mailings/seeds/"))
    marketing.post(f"/studio/mailings/seeds/{user}/remove")
    assert "Hier stehen die Konten" in text(marketing.get("/studio/mailings/seeds/"))
    marketing.post("/studio/mailings/seeds/add", {"user": user})
    mailing = scheduled(marketing)
    run.advance(cursor(), NOON)
    shown = text(marketing.get(f"/studio/mailings/{mailing}/"))
    assert cast.auditor().name in shown
    assert [each.test for each in proofs.latest(cursor(), mailing)] == [False]


def test_nobody_from_outside_comes_onto_the_seed_list(marketing: Client) -> None:
    doctor = cast.login_of(cast.albrecht())
    answer = marketing.post("/studio/mailings/seeds/add", {"user": str(doctor.id)})
    assert "aus der Liste" in text(answer, 422)
    assert doctor.email not in answer.content.decode()


def test_an_auditor_sees_the_seed_list_and_changes_nothing(enter: Enter) -> None:
    auditor = enter("auditor")
    assert "Aufnehmen</button>" not in text(auditor.get("/studio/mailings/seeds/"))
    assert auditor.post("/studio/mailings/seeds/add", {"user": str(cast.auditor().id)}).status_code == 403


def test_a_mail_of_another_brand_is_refused_at_its_field(marketing: Client) -> None:
    cast.linosan()
    mailing = begun(marketing)
    shown = text(marketing.post(f"/studio/mailings/{mailing}/", fields(brand="linosan")), 422)
    assert "Die Mail gehört zu einer anderen Marke" in shown


def stopped(client: Client) -> UUID:
    mailing = scheduled(client)
    run.advance(cursor(), NOON)
    client.post(f"/studio/mailings/{mailing}/stop", {"reason": REASON})
    while run.advance(cursor(), NOON):
        pass
    return mailing


def test_who_sees_names_reads_who_got_nothing_and_takes_it_along_with_a_trace(enter: Enter) -> None:
    admin, doctor = enter("administrator"), cast.albrecht()
    cast.withdraw(doctor, "email")
    mailing = scheduled(admin)
    run.advance(cursor(), NOON)
    shown = text(admin.get(f"/studio/mailings/{mailing}/withheld/"))
    assert doctor.family_name in shown
    assert "DE-CON-01" in shown
    answer = admin.get(f"/studio/mailings/{mailing}/withheld/?als=csv")
    assert str(doctor.id) in b"".join(answer).decode()
    assert trail.listing(cursor(), limit=1)[0].act == "list.export"


def test_a_reason_can_be_picked_of_several(enter: Enter) -> None:
    admin = enter("administrator")
    cast.withdraw(cast.albrecht(), "email")
    mailing = stopped(admin)
    some = text(admin.get(f"/studio/mailings/{mailing}/withheld/?regel=DE-CON-01"))
    other = text(admin.get(f"/studio/mailings/{mailing}/withheld/?regel=mailing_stopped"))
    assert cast.albrecht().family_name in some
    assert cast.albrecht().family_name not in other
    assert "Die Aussendung wurde beendet." in other


def test_who_sees_no_names_gets_sums_only_on_the_page_and_in_the_file(marketing: Client) -> None:
    doctor = cast.albrecht()
    cast.withdraw(doctor, "email")
    mailing = scheduled(marketing)
    run.advance(cursor(), NOON)
    for place in ("withheld", "readers"):
        shown = text(marketing.get(f"/studio/mailings/{mailing}/{place}/"))
        assert doctor.family_name not in shown
        assert "unter 5" in shown
        file = b"".join(marketing.get(f"/studio/mailings/{mailing}/{place}/?als=csv")).decode()
        assert str(doctor.id) not in file


def test_readers_stand_with_what_they_answered_and_no_machine_among_it(enter: Enter) -> None:
    admin, reader = enter("administrator"), cast.albrecht()
    mailing = scheduled(admin)
    run.advance(cursor(), NOON)
    told: dict[str, Any] = {"journey": mailing, "person": reader.id, "now": NOON}
    page = {"link": "Zur Studie", "content_slug": "velunor-studie", "topics": []}
    log.record(
        cursor(),
        [
            make.interaction("email.opened", is_machine=True, **told),
            make.interaction("email.clicked", properties=page, **told),
        ],
    )
    shown = text(admin.get(f"/studio/mailings/{mailing}/readers/"))
    assert reader.family_name in shown
    assert "Geklickt" in shown
    assert "Geöffnet" not in shown


def test_an_unsubscription_by_the_mails_own_link_counts_for_its_mailing(enter: Enter) -> None:
    admin, reader = enter("administrator"), cast.albrecht()
    mailing = scheduled(admin)
    run.advance(cursor(), NOON)
    message = dict(store.readers(cursor(), mailing, after=None, limit=9))[reader.id]
    token = links.unsubscribe_token(message, reader.id)
    unsubscribe.unsubscribe(cursor(), token, evidence={}, now=NOON)
    assert "Abgemeldet" in text(admin.get(f"/studio/mailings/{mailing}/readers/"))
    assert pressure.answers(cursor(), mailing, NOON) == {"email.unsubscribed": 1}
