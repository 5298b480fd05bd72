"""What is due between this person and us in the days around now: only what stands somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from einklang.faces.portal.reader import Reader
from einklang.facts.consent.preferences import Preference
from einklang.facts.people import read as people
from einklang.facts.products import read as products
from einklang.loop.channels.visit import reports
from einklang.loop.profiles.read import Profile
from einklang.services.orders import read as orders
from einklang.ui.numbers import moment, short_day
from einklang.ui.text import t

AHEAD, BACK = timedelta(days=14), timedelta(days=7)


@dataclass(frozen=True)
class Row:
    channel: str
    icon: str
    title: str
    meta: str
    href: str


def rows(reader: Reader, profile: Profile | None, wish: Preference) -> list[Row]:
    return [*_awaiting(reader), *_visits(reader), *_samples(reader), *_pause(reader, wish), *_read(reader, profile)]


def _awaiting(reader: Reader) -> list[Row]:
    status = reader.permissions.get("email")
    if status is None or status.state != "pending":
        return []
    title = t("E\u2011Mail bestätigen", "Confirm e\u2011mail")
    meta = t("Wir haben Ihnen am {} geschrieben", "We wrote to you on {}").format(short_day(status.since))
    return [Row("email", "hourglass-medium", title, meta, f"{reverse('portal:preferences')}#p-email")]


def _visits(reader: Reader) -> list[Row]:
    until = reader.now + AHEAD
    found = reports.listing(reader.cur, person=reader.card.id, since=reader.now, until=until, limit=3)
    open_ones = [each for each in found if each.held_at is None]
    reps = people.users(reader.cur, {each.rep for each in open_ones}) if open_ones else {}
    href = f"{reverse('portal:preferences')}#p-visit"
    return [
        Row("visit", "handshake", t("Besuch von {}", "Visit by {}").format(reps[each.rep].name), moment(each.at), href)
        for each in open_ones
    ]


def _samples(reader: Reader) -> list[Row]:
    recent = [
        each
        for each in orders.of_persons(reader.cur, [reader.card.id])
        if each.state == "requested" or (each.dispatched_at and each.dispatched_at > reader.now - BACK)
    ]
    packs = products.packs(reader.cur, {each.pack for each in recent}) if recent else {}
    return [
        Row(
            "portal",
            "package",
            t("Muster {}", "Sample {}").format(packs[each.pack].name),
            _stage(each),
            reverse("portal:medicines"),
        )
        for each in recent
    ]


def _stage(order: orders.Order) -> str:
    if order.dispatched_at:
        return t("unterwegs seit {}", "on its way since {}").format(short_day(order.dispatched_at))
    return t("angefordert am {}", "requested on {}").format(short_day(order.requested_at))


def _pause(reader: Reader, wish: Preference) -> list[Row]:
    if wish.paused_until is None or wish.paused_until <= reader.now:
        return []
    title, meta = t("Pause", "Pause"), t("keine Werbung bis {}", "no marketing until {}")
    href = f"{reverse('portal:preferences')}#p-often"
    return [Row("service", "pause", title, meta.format(short_day(wish.paused_until)), href)]


def _read(reader: Reader, profile: Profile | None) -> list[Row]:
    since = reader.now - BACK
    count = sum(seen.at > since for seen in profile.seen.values()) if profile else 0
    if not count:
        return []
    one, many = t("1 Beitrag gelesen", "1 item read"), t("{} Beiträge gelesen", "{} items read")
    meta = t("festgehalten, weil Sie es erlaubt haben", "recorded, because you allowed it")
    return [Row("portal", "book-open-text", one if count == 1 else many.format(count), meta, reverse("portal:mydata"))]
