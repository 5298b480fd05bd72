"""One torture from beginning to end."""

from __future__ import annotations

import os
import sys
import threading
import time
from uuid import UUID

import django

from einklang.core import clock
from einklang.project import running
from einklang.project.demo import cast as demo
from tests.torture import house as houses
from tests.torture import outside
from tests.torture.house import House, until
from tests.torture.known import Known
from tests.torture.people import Town
from tests.torture.plan import Fault, plan

LETTER = {"subject": "Ihre Anfrage", "greeting": "{salutation},", "paragraphs": ["Wir antworten."], "links": []}
JOURNEY = {
    "format": 1,
    "key": "folter",
    "title": {"de": "Immer wieder", "en": "Again and again"},
    "trigger": {"kind": "content.viewed", "where": {"topics": ["herzinsuffizienz"]}, "once_in_days": 1},
    "start": "pause",
    "steps": {
        "pause": {"wait": {"for": "PT2H"}, "next": "mail"},
        "mail": {
            "message": {
                "content": "vertiefung-herzinsuffizienz",
                "channel": "email",
                "purpose": "promotional",
                "unit": "marketing",
            },
            "next": "answer",
        },
        "answer": {
            "wait_for": {
                "kinds": ["email.clicked", "content.viewed"],
                "where": {"linked_by": "mail"},
                "at_most": "P1D",
            },
            "then": "end",
            "else": "end",
        },
    },
}


def show_plan(seed: int, seconds: float) -> int:
    for fault in plan(seed, seconds):
        say(str(fault))
    return 0


def torture(seed: int, seconds: float, people: int) -> int:
    """0 where nothing was found. What broke keeps its home."""
    say(f"Seed {seed}, {seconds / 60:g} minutes, {people} people.")
    with houses.running(people) as house, running.known(**_own(house)):
        if not house.own_disk:
            say("No disk will be full: that needs the right to mount a small one.")
        django.setup()
        town = _town(house)
        threads = town.live(seed)
        harm(house, seed, seconds)
        town.over.set()
        for thread in threads:
            thread.join(60)
        found = _found(house, town)
        if found:
            _tell_how_to_look(house, seed, seconds, people)
            os._exit(1)  # the home stays as it is
    say("Nothing is missing, nothing is there twice.")
    return 0


def harm(house: House, seed: int, seconds: float) -> None:
    """Every fault at its time, in a thread of its own: they overlap."""
    began = time.monotonic()
    harming = []
    for fault in plan(seed, seconds):
        time.sleep(max(0.0, began + fault.at - time.monotonic()))
        say(str(fault))
        harming.append(threading.Thread(target=_harm, args=(house, fault)))
        harming[-1].start()
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    for each in harming:
        each.join()


def _harm(house: House, fault: Fault) -> None:
    if fault.kind == "smtp":
        houses.smtp_mood(house, **fault.details)  # type: ignore[arg-type]
    else:
        houses.DO[fault.kind](house, **fault.details)


def _found(house: House, town: Town) -> list[str]:
    say("The torture is over; the house may settle.")
    known = town.known
    try:
        until("the house is ready", house.ready)
        until("nothing is left to do", lambda: outside.settled(house))
    except AssertionError as never:
        known.wrong(f"{never}; the last lines of {house.mails / 'house.log'} say why")
    say(
        f"{len(known.told)} events told, {len(known.answered)} answered, {len(known.read)} pages read, "
        f"{len(known.planned)} letters asked for, {len(known.samples)} samples, {len(known.visits)} visits, "
        f"{len(known.accepted)} steps taken over, {len(known.unsubscribed)} "
        f"unsubscribed; {dict(sorted(known.counted.items()))}"
    )
    say(outside.summary(house))
    found = list(outside.problems(house, known, town.key))
    for each in found:
        say(f"✗ {each}")
    return found


def _tell_how_to_look(house: House, seed: int, seconds: float, people: int) -> None:
    house.close()
    say(f"Seed {seed}. Home {house.home}, mails and the house's own log {house.mails}.")
    say(f"Look: EINKLANG_HOME={house.home} EINKLANG_DEMO=1 einklang check history")
    say(f"Again: python -m tests.torture --minutes {seconds / 60:g} --seed {seed} --people {people}")
    if house.own_disk:
        say(f"Away with it: umount {house.home}")


def _own(house: House) -> dict[str, str]:
    return {
        "EINKLANG_HOME": str(house.home),
        "EINKLANG_DEMO": "1",
        "EINKLANG_DATABASE_URL": house.database_url,
        "EINKLANG_PUBLIC_URL": house.url,
    }


def _town(house: House) -> Town:
    """Everything that people need: a key, a journey that begins again every day, a letter of the service centre."""
    from django.db import connection, transaction

    from einklang.core.connection import cursor
    from einklang.facts.people.models import Person, TerritoryPerson
    from einklang.loop.decide.journeys import store
    from einklang.loop.interactions import keys
    from tests import cast

    with transaction.atomic():
        cur = cursor()
        now = clock.now(cur)
        key = keys.create(cur, "torture", server=True, purpose="promotional", now=now)
        store.publish(cur, JOURNEY, _author(), now)
        letter = cast.frozen("folter", "system_mail", {"de": LETTER}, audience="public").id
        persons = list(Person.objects.exclude(email="").values_list("id", flat=True))
        near = list(TerritoryPerson.objects.filter(territory__name=demo.HANNOVER).values_list("person", flat=True))
    connection.close()
    before = outside.messages(house)
    return Town(house, Known(before=before), key, persons, near or persons, letter)


def _author() -> UUID:
    from einklang.facts.people.models import User

    return User.objects.get(email=next(each.email for each in demo.STAFF if each.role == "marketing")).id


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
