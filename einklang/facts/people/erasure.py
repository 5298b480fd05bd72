"""Who somebody is: shown, corrected, and let go of but for the digests that keep an import from bringing her back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import models

from einklang.core import clock
from einklang.core.erasure import KEPT, Ageing, Outcome, Room, erased, rows
from einklang.core.pg import Cursor
from einklang.facts.people import read, roles, suppressed
from einklang.facts.people.models import Person, User

RECORD = """
SELECT salutation, title, given_name, family_name, profession, specialty, market, land, locale, email, phone, created_at
FROM people_person WHERE id = %s
"""
PRACTICES = """
SELECT o.name, o.street, o.postcode, o.city, o.land FROM people_organisation o
WHERE o.id IN (SELECT organisation_id FROM people_person WHERE id = %(person)s
               UNION SELECT organisation_id FROM people_affiliation WHERE person_id = %(person)s)
ORDER BY o.name
"""
IDENTIFIERS = "SELECT system, value FROM people_identifier WHERE person_id = %s ORDER BY system, value"
ALIASES = "SELECT namespace, value FROM people_alias WHERE person_id = %s ORDER BY namespace, value"
VERIFICATIONS = """
SELECT role, level, provider, verified_at, valid_until, revoked_at FROM people_verification
WHERE person_id = %s ORDER BY verified_at
"""
LOGINS = "SELECT email, name, locale, is_active, last_login FROM people_user WHERE person_id = %s"
TERRITORIES = """
SELECT t.name FROM people_territory t JOIN people_territoryperson p ON p.territory_id = t.id
WHERE p.person_id = %s ORDER BY t.name
"""
ORIGINS = "SELECT source, obtained_at, notice_due, notice_given_at FROM people_origin WHERE person_id = %s"
ALONE = """
DELETE FROM people_organisation o WHERE o.id = ANY(%s)
  AND NOT EXISTS (SELECT FROM people_person p WHERE p.organisation_id = o.id)
  AND NOT EXISTS (SELECT FROM people_affiliation a WHERE a.organisation_id = o.id)
"""
OF_PERSON = """
SELECT organisation_id FROM people_person WHERE id = %(person)s AND organisation_id IS NOT NULL
UNION SELECT organisation_id FROM people_affiliation WHERE person_id = %(person)s
"""


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {
        "golden_record": {
            "record": rows(cur, RECORD, (person,))[0],
            "practices": rows(cur, PRACTICES, {"person": person}),
            "identifiers": rows(cur, IDENTIFIERS, (person,)),
            "known_as": rows(cur, ALIASES, (person,)),
            "territories": rows(cur, TERRITORIES, (person,)),
            "origin": rows(cur, ORIGINS, (person,)),
        },
        "verification": rows(cur, VERIFICATIONS, (person,)),
        "login": rows(cur, LOGINS, (person,)),
    }


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    """Through Django's models: whatever points at the person or her login goes with it, also in other rooms."""
    kept = suppressed.remember(cur, person, now)
    practices = [id_ for (id_,) in cur.execute(OF_PERSON, {"person": person}).fetchall()]
    users = read.logins(cur, [person])
    proofs = cur.execute("SELECT count(*) FROM people_verification WHERE person_id = %s", (person,)).fetchone() or (0,)
    logins = end_sessions(users) + _delete(_mine(person))
    User.objects.filter(person_id=person).update(person=None)
    gone = _delete(Person.objects.filter(pk=person))
    cur.execute(ALONE, (practices,))
    return [
        erased("golden_record", gone),
        erased("verification", proofs[0]),
        erased("login", logins),
        Outcome(record_class="suppression", result=KEPT, count=kept),
    ]


def known_before(cur: Cursor, moment: datetime) -> dict[UUID, datetime]:
    return dict(cur.execute("SELECT id, created_at FROM people_person WHERE created_at < %s", (moment,)).fetchall())


def end_sessions(users: Iterable[UUID]) -> int:
    wanted = {str(user) for user in users}
    keys = [each.pk for each in _sessions() if each.get_decoded().get("_auth_user_id") in wanted] if wanted else []
    return _delete(Session.objects.filter(pk__in=keys))


def _mine(person: UUID) -> models.QuerySet[User]:
    """Staff who are customers as well stay staff."""
    return User.objects.filter(person_id=person, roles__contained_by=[roles.HCP])


def _sessions() -> Iterator[Session]:
    return Session.objects.filter(expire_date__gt=clock.real_now()).iterator()


def _delete(found: models.QuerySet[Any]) -> int:
    return found.delete()[0]


def _expired(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    """Sessions live by the real clock, which no demo moves."""
    found = Session.objects.filter(expire_date__lt=min(before, clock.real_now()))
    return found.count(), found.aggregate(oldest=models.Min("expire_date"))["oldest"]


def _drop(cur: Cursor, before: datetime, limit: int) -> int:
    expired = Session.objects.filter(expire_date__lt=min(before, clock.real_now()))
    return _delete(Session.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:limit])))


ROOM = Room(
    name="people", export=export, erase=erase, ageing=(Ageing(record_class="sessions", older=_expired, drop=_drop),)
)
