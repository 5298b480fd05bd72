"""Builds the demo's world from a fixed seed: a company, its people and contents, and a year that has gone by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from einklang.core import clock
from einklang.core.clock import ZONE
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.people import names
from einklang.facts.people.models import (
    Identifier,
    Organisation,
    Person,
    Qualification,
    Territory,
    TerritoryPerson,
    TerritoryRep,
    User,
    Verification,
)
from einklang.loop.decide.journeys import store
from einklang.loop.interactions import partitions
from einklang.project.demo import (
    approval,
    cast,
    content,
    desk,
    elsewhere,
    experiments,
    history,
    house,
    imports,
    journeys,
    mailings,
    programs,
    reading,
    record,
    rights,
)
from einklang.services.visits import acts as visits

BEGIN = datetime(2026, 11, 19, 7, 42, tzinfo=ZONE)
VISIT = datetime(2026, 11, 24, 10, 30, tzinfo=ZONE)
SEED = 47
PASSWORD = make_password(cast.PASSWORD)  # one hash for all: hashing is slow on purpose


@dataclass(frozen=True)
class World:
    staff: dict[str, User]
    persons: list[Person]
    doctor: Person


def build(people: int, without: str | None) -> World:
    """`people` simulated ones beside the cast; `without` takes one permission of the story's doctor away."""
    random = Random(SEED)
    with transaction.atomic():
        cur = cursor()
        clock.set_to(cur, BEGIN)
        partitions.ensure_ahead(cur, BEGIN)
        staff = _staff()
        signers = {
            role: _holder(staff, role).id for role in ("medical_reviewer", "legal_reviewer", "information_officer")
        }
        content.write(cur, signers, BEGIN)
    with transaction.atomic():
        cur = cursor()
        persons = _persons([*cast.DOCTORS, *cast.simulated(random, people)], without)
        allowed = history.consents(cur, random, persons, without, BEGIN)
        history.year(cur, random, persons, allowed, BEGIN)
        steward = _holder(staff, "data_steward").id
        trackable = [each.id for each in persons[len(cast.DOCTORS) :] if "tracking" in allowed[each.id]]
        elsewhere.write(cur, trackable, steward, BEGIN)
        reading.write(cur, [person.id for person in persons if "tracking" in allowed[person.id]], BEGIN)
    mailings.run_past(allowed, _holder(staff, "marketing").id, [_holder(staff, "auditor").id], BEGIN)
    with transaction.atomic():  # behind the history: a journey sees only what is logged after its publication
        cur = cursor()
        _journey(cur, staff)
        journeys.write(cur, persons, allowed, _holder(staff, "marketing").id, BEGIN)
        experiments.write(cur, persons, allowed, _holder(staff, "marketing").id, BEGIN)
        mailings.write(cur, _holder(staff, "marketing").id, BEGIN)
        approval.write(cur, {each.role: staff[each.email].id for each in reversed(cast.STAFF)}, BEGIN)
        house.write(cur, _holder(staff, "administrator").id, BEGIN)
        programs.write(cur, _holder(staff, "administrator").id, clock.real_now())
        imports.write(cur, _holder(staff, "data_steward").id, BEGIN)
        rights.write(cur, persons, _holder(staff, "data_steward").id, BEGIN)
        visits.plan(cur, rep=staff[cast.STORY_REP.email].id, person=persons[0].id, at=VISIT, now=BEGIN)
        desk.write(
            cur,
            staff[cast.STORY_REP.email].id,
            _in_territory(persons[1:], cast.STORY_REP.territory),
            allowed,
            now=BEGIN,
            visit=VISIT,
        )
    record.write(persons[len(cast.DOCTORS) :], _holder(staff, "administrator").id, BEGIN)
    return World(staff, persons, persons[0])


def _in_territory(persons: list[Person], territory: str) -> list[Person]:
    inside = set(TerritoryPerson.objects.filter(territory__name=territory).values_list("person_id", flat=True))
    return [person for person in persons if person.id in inside]


def _holder(staff: dict[str, User], role: str) -> User:
    return next(user for user in staff.values() if role in user.roles)


def _staff() -> dict[str, User]:
    users = {}
    for each in cast.STAFF:
        users[each.email] = User.objects.create(email=each.email, password=PASSWORD, name=each.name, roles=[each.role])
    for name in cast.LANDS:
        Territory.objects.create(name=name)
    for each in cast.STAFF:
        if each.territory:
            territory = Territory.objects.get(name=each.territory)
            TerritoryRep.objects.create(territory=territory, user=users[each.email], since=BEGIN - timedelta(days=700))
            Qualification.objects.create(
                user=users[each.email],
                kind="Pharmareferent",
                valid_from=BEGIN - timedelta(days=1500),
                valid_until=BEGIN + timedelta(days=700),
            )
    return users


def _persons(doctors: list[cast.Doctor], without: str | None) -> list[Person]:
    practices = {doctor.practice: _practice(doctor) for doctor in doctors}
    Organisation.objects.bulk_create(practices.values())
    emails: set[str] = set()
    persons = [_person(doctor, practices[doctor.practice], emails) for doctor in doctors]
    Person.objects.bulk_create(persons)
    territories = {territory.name: territory for territory in Territory.objects.all()}
    TerritoryPerson.objects.bulk_create(
        TerritoryPerson(territory=territories[doctor.territory], person=person)
        for doctor, person in zip(doctors, persons, strict=True)
    )
    Verification.objects.bulk_create(_verification(person) for person in persons)
    Identifier.objects.bulk_create(
        Identifier(person=person, system="lanr", value=_lanr(number))
        for number, person in enumerate(persons)
        if person.profession == "physician"
    )
    for doctor, person in zip(doctors, persons, strict=True):
        if doctor.login:
            User.objects.create(
                email=doctor.email, password=PASSWORD, name=person.display_name, roles=["hcp"], person=person
            )
    if without == "rx_audience":
        Verification.objects.filter(person=persons[0]).update(valid_until=BEGIN - timedelta(days=1))
    return persons


def _practice(doctor: cast.Doctor) -> Organisation:
    land = cast.LANDS[doctor.city]
    return Organisation(
        name=doctor.practice, street=doctor.street, postcode=doctor.postcode, city=doctor.city, land=land
    )  # fmt: skip


def _person(doctor: cast.Doctor, practice: Organisation, emails: set[str]) -> Person:
    email = doctor.email
    while email in emails:  # two people of one name
        email = email.replace("@", "2@", 1)
    emails.add(email)
    return Person(
        salutation=doctor.salutation,
        title=doctor.title,
        given_name=doctor.given_name,
        family_name=doctor.family_name,
        profession=doctor.profession,
        specialty=doctor.specialty,
        land=cast.LANDS[doctor.city],
        email=email,
        organisation=practice,
        created_at=BEGIN - timedelta(days=600),
        sort_key=names.sort_key(doctor.family_name, doctor.given_name),
    )


def _verification(person: Person) -> Verification:
    return Verification(
        person=person,
        role=person.profession,
        level="document",
        provider="Arztausweis" if person.profession == "physician" else "Berufsurkunde",
        verified_at=BEGIN - timedelta(days=200),
        valid_until=BEGIN + timedelta(days=165),
    )


def _lanr(number: int) -> str:
    stem = f"{200_000 + 37 * number:06d}"
    check = (10 - sum(int(digit) * weight for digit, weight in zip(stem, (4, 9, 4, 9, 4, 9), strict=True)) % 10) % 10
    return f"{stem}{check}01"


def _journey(cur: Cursor, staff: dict[str, User]) -> UUID:
    document = json.loads(Path(__file__).with_name("journey.json").read_text())
    return store.publish(cur, document, _holder(staff, "marketing").id, BEGIN)
