from __future__ import annotations

from datetime import date

import pytest

from einklang.bridges.imports import batches, registry, samples
from einklang.bridges.imports.tests.sheets import HEADER, doctor, imported
from einklang.core.connection import cursor
from einklang.facts.consent import verify
from einklang.facts.consent.proofs import history
from einklang.facts.consent.status import status
from einklang.facts.content import topics
from einklang.facts.people import read, territory
from einklang.facts.people.models import Affiliation, Identifier, Organisation, Person, User, Verification
from einklang.facts.products.models import Authorisation, Brand, Pack
from einklang.loop.gate import door, queue
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log
from einklang.services.orders import stock
from tests import cast

pytestmark = pytest.mark.django_db

CONSENT = ["Kennung", "Wofür", "Entscheidung", "Wann", "Wie", "Wortlaut", "Bestätigt am"]
TEXT = "Ich bin einverstanden."
GIVEN = ["A-1", "E-Mail", "erteilt", "04.05.2025", "Formular", TEXT]


def person() -> Person:
    imported([HEADER, doctor(1)])
    return Person.objects.get()


def state(of: Person, permission: str) -> str:
    return status(cursor(), [of.id])[of.id][permission].state


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_sample_of_each_kind_goes_in_and_the_second_time_changes_nothing(kind: str) -> None:
    for earlier in ("organisations", "people", "reps", "products"):
        if earlier != kind:
            imported(samples.rows(registry.kind(earlier), "de"), earlier)
    first = imported(samples.rows(registry.kind(kind), "de"), kind)
    assert (first.state, first.counts.get("refused", 0)) == ("done", 0), batches.refusals(cursor(), first.id)
    again = imported(samples.rows(registry.kind(kind), "de"), kind)
    assert again.counts["unchanged"] == first.rows


def test_an_organisation_is_known_again_by_its_number_when_it_has_moved() -> None:
    header = ["Kennung der Einrichtung", "Name", "Straße", "PLZ", "Ort"]
    imported([header, ["P-1", "Praxis Nord", "Weg 1", "30159", "Hannover"]], "organisations")
    imported([header, ["P-1", "Praxis Nord", "Allee 9", "30161", "Hannover"]], "organisations")
    assert Organisation.objects.get().street == "Allee 9"


def test_a_topic_is_named_in_two_languages_and_an_empty_cell_leaves_its_specialties() -> None:
    header = ["Thema", "Deutsch", "Englisch", "Fachgebiete"]
    imported([header, ["Herzinsuffizienz", "Herzinsuffizienz", "Heart failure", "Kardiologie, Nephrologie"]], "topics")
    again = [["herzinsuffizienz", "Herzschwäche", "Heart failure", ""], ["zwei worte", "Zwei", "Two", ""]]
    done = imported([header, *again], "topics")
    known = topics.load(cursor())["herzinsuffizienz"]
    assert (known.name.de, known.name.en) == ("Herzschwäche", "Heart failure")
    assert known.specialties == {"Kardiologie", "Nephrologie"}
    assert [each.field for each in batches.refusals(cursor(), done.id)] == ["topic"]


def test_an_affiliation_needs_a_person_and_a_place_that_are_there() -> None:
    known = person()
    place = ["Praxis 0", "Lindenhof 4", "30159"]
    header = ["Kennung", "Praxis", "Straße", "PLZ", "Funktion"]
    done = imported(
        [header, ["A-1", *place, "Inhaberin"], ["A-9", *place, ""], ["A-1", "Unbekannt", "", "", ""]], "affiliations"
    )
    assert [each.row for each in batches.refusals(cursor(), done.id)] == [3, 4]
    assert Affiliation.objects.get(person=known).function == "Inhaberin"


def test_a_number_that_belongs_to_somebody_else_is_refused() -> None:
    imported([HEADER, doctor(1), doctor(2)])
    header = ["Kennung", "Art der Nummer", "Nummer"]
    imported([header, ["A-1", "LANR", "246813950"]], "identifiers")
    done = imported([header, ["A-2", "LANR", "246813950"]], "identifiers")
    assert "gehört schon einer anderen" in batches.refusals(cursor(), done.id)[0].rule.de
    assert Identifier.objects.count() == 1


def test_a_rep_comes_with_proof_and_territory_and_without_a_password() -> None:
    header = ["E-Mail", "Name", "Sachkenntnis", "Nachweis seit", "Gebiet", "Im Gebiet seit"]
    imported(
        [header, ["nora@firma.example", "Nora Feldmann", "Pharmareferentin", "01.09.2021", "Nord", "01.01.2026"]],
        "reps",
    )
    rep = User.objects.get(email="nora@firma.example")
    assert (rep.roles, rep.has_usable_password(), rep.is_active) == (["rep"], False, True)
    assert read.qualified(cursor(), [rep.id], cast.NOW) == {rep.id}
    known = person()
    imported([["Gebiet", "Kennung"], ["Nord", "A-1"]], "territories")
    assert territory.covers(cursor(), rep.id, known.id, cast.NOW)


def test_a_professional_does_not_become_a_rep_by_an_import() -> None:
    login = cast.login_of(cast.albrecht())
    done = imported([["E-Mail", "Name"], [login.email, "Miriam Albrecht"]], "reps")
    assert done.counts["refused"] == 1
    login.refresh_from_db()
    assert login.roles == ["hcp"]


def test_a_product_comes_with_brand_and_packs() -> None:
    header = [
        "Marke",
        "Wirkstoff",
        "Arzneimittel",
        "Rezeptpflichtig",
        "Zulassung",
        "PZN",
        "Packung",
        "Kleinste Packung",
    ]
    one = ["Velunor", "Velunorat", "Velunor 10 mg", "ja", "zugelassen"]
    imported([header, [*one, "1234562", "30 Stück", "ja"], [*one, "01234579", "100 Stück", "nein"]], "products")
    assert Brand.objects.get().substance == "Velunorat"
    assert (Authorisation.objects.get().rx, Authorisation.objects.get().status) == (True, "authorised")
    assert list(Pack.objects.order_by("pzn").values_list("pzn", "is_smallest")) == [
        ("01234562", True),
        ("01234579", False),
    ]


COUNT = ["PZN", "Charge", "Verwendbar bis", "Stück", "Gezählt am"]


def test_a_new_count_of_a_batch_replaces_the_old_one_and_what_is_not_known_is_refused() -> None:
    pzn = cast.pack().pzn
    imported([COUNT, [pzn, "A4417", "31.05.2028", "40", "02.11.2026"]], "stock")
    again = [COUNT, [pzn, "A4417", "31.05.2028", "1.250", ""], ["00000019", "B1", "31.05.2028", "5", ""]]
    done = imported(again, "stock")
    (shelf,) = stock.shelves(cursor())
    assert (shelf.batch, shelf.counted, shelf.left) == ("A4417", 1_250, 1_250)
    assert shelf.counted_at.date() > date(2026, 11, 2)
    assert done.counts["refused"] == 1


@pytest.mark.parametrize("units", ["-3", "12,5", "viele", "99999999999"])
def test_what_is_no_number_of_packs_is_refused(units: str) -> None:
    done = imported([COUNT, [cast.pack().pzn, "A4417", "31.05.2028", units, ""]], "stock")
    assert done.counts["refused"] == 1
    assert stock.shelves(cursor()) == []


# Consents


def test_DE_CON_05_without_proof_of_the_confirmation_a_consent_stays_pending() -> None:
    known = person()
    imported([CONSENT, [*GIVEN, ""]], "consents")
    assert state(known, "email") == "pending"


def test_DE_CON_05_with_proof_of_the_confirmation_it_is_granted_and_the_evidence_is_kept() -> None:
    known = person()
    imported([CONSENT, [*GIVEN, "04.05.2025 "]], "consents")
    assert state(known, "email") == "granted"
    (proof,) = history(cursor(), known.id)
    assert proof.evidence is not None
    assert TEXT in proof.evidence
    assert proof.source == "import"
    assert verify.verify(cursor()) is None
    assert [entry.kind for entry in log.person_history(cursor(), [known.id], limit=5)] == ["consent.changed"]


def test_DE_CON_04_a_consent_without_its_wording_is_refused() -> None:
    person()
    done = imported([CONSENT, [*GIVEN[:5], "", ""]], "consents")
    assert batches.refusals(cursor(), done.id)[0].field == "wording"


def test_the_last_decision_holds_whatever_the_order_of_the_files() -> None:
    known = person()
    withdrawn = ["A-1", "E-Mail", "widerrufen", "01.06.2025", "Brief", "", ""]
    imported([CONSENT, withdrawn], "consents")
    done = imported([CONSENT, [*GIVEN, "04.05.2025"]], "consents")
    assert "später anders" in batches.refusals(cursor(), done.id)[0].rule.de
    assert state(known, "email") == "withdrawn"
    imported([CONSENT, ["A-1", "E-Mail", "erteilt", "01.09.2025", "Formular", TEXT, "01.09.2025"]], "consents")
    assert state(known, "email") == "granted"


def test_a_withdrawal_in_the_portal_is_not_overridden_by_an_older_list() -> None:
    known = person()
    imported([CONSENT, [*GIVEN, "04.05.2025"]], "consents")
    cast.withdraw(known, "email")
    imported([CONSENT, [*GIVEN, "04.05.2025"]], "consents")
    assert state(known, "email") == "withdrawn"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["A-1", "E-Mail", "widerrufen", "01.06.2025", "Brief", "", ""], "DE-CON-07"),
        (["A-1", "Werbung", "widersprochen", "01.06.2025", "Brief", "", ""], "EU-DP-10"),
    ],
)
def test_what_waits_for_somebody_whose_no_comes_with_a_list_is_withheld_at_once(row: list[str], rule: str) -> None:
    known = person()
    Verification.objects.create(
        person=known,
        role=known.profession,
        level="document",
        provider="Arztausweis",
        verified_at=cast.NOW - cast.YEAR / 2,
        valid_until=cast.NOW + cast.YEAR / 2,
    )
    imported([CONSENT, [*GIVEN, "04.05.2025"]], "consents")
    mail = cast.mail()
    question = Question(
        "send", Recipient("person", known.id), "email", "promotional", unit="marketing", content=mail.id, at=cast.NOW
    )
    (asked,) = door.ask(cursor(), [question], now=cast.NOW, messages=[door.MessageSpec(mail.id)])
    assert asked.message is not None
    assert queue.get(cursor(), asked.message).state == "planned", asked.verdict.rules
    imported([CONSENT, row], "consents")
    found = queue.get(cursor(), asked.message)
    assert (found.state, found.detail) == ("withheld", rule)
    told = log.person_history(cursor(), [known.id], kinds=["consent.changed"], limit=5)
    entries = {str(proof.id) for proof in history(cursor(), known.id)}
    assert {each.source_id for each in told} == entries


def test_an_objection_needs_no_wording() -> None:
    known = person()
    imported([CONSENT, ["A-1", "Besuch", "widersprochen", "01.06.2025", "Telefonat", "", ""]], "consents")
    assert state(known, "visit") == "objected"


def test_who_objects_to_nothing_needs_no_consent() -> None:
    person()
    done = imported([CONSENT, ["A-1", "Besuch", "erteilt", "01.06.2025", "Telefonat", TEXT, ""]], "consents")
    assert batches.refusals(cursor(), done.id)[0].field == "state"
