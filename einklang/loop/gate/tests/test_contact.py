from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from einklang.core.clock import ZONE
from einklang.loop.gate import packs
from einklang.loop.gate.rules.contact import easter, holiday
from einklang.loop.gate.tests.asking import AT, MAIL, verdict

SYSTEM_MAIL = {"kind": "system_mail", "promotional": False, "rx": False, "audience": "public", "authorisation": None}
NOTHING_HELD = [{"purpose": "transactional"}, {"purpose": "service"}, {"purpose": "safety"}]


def local(day: str, time: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE)


def allowed_from(moment: datetime, **facts: Any) -> datetime | None:
    answer = verdict(MAIL, facts, at=moment.isoformat())
    assert answer.answer in ("yes", "not_before")
    return answer.not_before


def contacts(*days: str, channel: str = "visit") -> list[list[str]]:
    return [[local(day, "10:00").isoformat(), channel] for day in days]


def holidays() -> Any:
    chain = packs.current().chain("DE", AT)
    assert chain is not None
    return chain.rules["AUR-TIME-01"].params["holidays"]


def days(year: int, state: str) -> set[date]:
    return {holiday(one, year) for one in holidays() if ":" not in one or state in one.split(": ")[1].split()}


def test_AUR_TIME_01_the_mail_of_the_story_waits_from_0742_to_nine() -> None:
    assert allowed_from(local("2026-11-21", "07:42")) == local("2026-11-21")


def test_AUR_TIME_01_nothing_waits_between_nine_and_eight_in_the_evening() -> None:
    assert allowed_from(local("2026-11-21")) is None
    assert allowed_from(local("2026-11-21", "19:59")) is None
    assert allowed_from(local("2026-11-20", "20:00")) == local("2026-11-21")


def test_AUR_TIME_01_saturday_night_waits_for_monday() -> None:
    assert allowed_from(local("2026-11-21", "20:00")) == local("2026-11-23")
    assert allowed_from(local("2026-11-22", "12:00")) == local("2026-11-23")


def test_AUR_TIME_01_a_holiday_counts_where_the_person_works() -> None:
    corpus_christi = local("2027-05-27", "12:00")
    assert allowed_from(corpus_christi, person={"land": "DE-BY"}) == local("2027-05-28")
    assert allowed_from(corpus_christi, person={"land": "DE-NI"}) is None
    assert allowed_from(corpus_christi, person={"land": "BY"}) == local("2027-05-28")


def test_AUR_TIME_01_an_unknown_land_keeps_the_holidays_of_all() -> None:
    assert allowed_from(local("2026-08-15", "12:00"), person={"land": ""}) == local("2026-08-17")


def test_AUR_TIME_01_christmas_ends_on_the_monday_after() -> None:
    assert allowed_from(local("2026-12-24", "21:00")) == local("2026-12-28")


def test_AUR_TIME_01_new_year_is_found_from_the_old_year() -> None:
    assert allowed_from(local("2026-12-31", "21:00")) == local("2027-01-02")


def test_AUR_TIME_01_nine_is_nine_on_both_sides_of_the_clock_change() -> None:
    assert allowed_from(local("2027-03-27", "23:00")) == datetime(2027, 3, 30, 7, 0, tzinfo=UTC)  # Easter lies between
    assert allowed_from(local("2026-10-24", "23:00")) == datetime(2026, 10, 26, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("ask", NOTHING_HELD)
def test_AUR_TIME_01_transactional_service_and_safety_mails_are_never_held(ask: dict[str, str]) -> None:
    crowd = contacts("2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", channel="email")
    changes = {"content": SYSTEM_MAIL, "contacts": crowd}
    assert verdict(MAIL, changes, at=local("2026-11-22", "03:00").isoformat(), **ask).yes


def test_AUR_CAP_01_the_fifth_contact_waits_until_the_first_is_28_days_old() -> None:
    known = contacts("2026-11-02", "2026-11-05", "2026-11-09", "2026-11-16")
    assert allowed_from(local("2026-11-19", "10:00"), contacts=known[1:]) is None
    assert allowed_from(local("2026-11-19", "10:00"), contacts=known) == local("2026-11-30", "10:00")


def test_AUR_CAP_01_planned_contacts_count_and_later_ones_do_not() -> None:
    known = contacts("2026-11-02", "2026-11-05", "2026-11-09")
    assert allowed_from(local("2026-11-19", "12:00"), contacts=[*known, *contacts("2026-11-19")]) is not None
    assert allowed_from(local("2026-11-19", "12:00"), contacts=[*known, *contacts("2026-11-20")]) is None


def test_AUR_CAP_02_the_third_mail_of_a_month_waits_for_the_next_and_for_nine() -> None:
    known = contacts("2026-11-03", "2026-11-05", channel="email")
    assert allowed_from(local("2026-11-19", "10:00"), contacts=known) == local("2026-12-01")


def test_AUR_CAP_02_a_month_that_begins_on_a_sunday_waits_for_monday() -> None:
    known = contacts("2026-10-06", "2026-10-07", channel="email")
    assert allowed_from(local("2026-10-19", "10:00"), contacts=known) == local("2026-11-02")


def test_AUR_WISH_01_once_a_month_counts_every_channel() -> None:
    wish, known = {"frequency": "monthly"}, contacts("2026-11-03", channel="visit")
    assert allowed_from(local("2026-11-19", "10:00"), wish=wish) is None
    assert allowed_from(local("2026-11-19", "10:00"), contacts=known) is None
    assert allowed_from(local("2026-11-19", "10:00"), wish=wish, contacts=known) == local("2026-12-01")


def test_AUR_WISH_01_a_pause_ends_at_the_next_allowed_hour() -> None:
    wish = {"paused_until": local("2026-12-06", "00:00").isoformat()}
    assert allowed_from(local("2026-11-19", "10:00"), wish=wish) == local("2026-12-07")


def test_AUR_WISH_01_a_pause_does_not_hold_what_is_no_advertising() -> None:
    changes = {"content": SYSTEM_MAIL, "wish": {"paused_until": "2027-01-01T00:00:00+01:00"}}
    assert verdict(MAIL, changes, purpose="transactional").yes


def test_of_several_limits_the_latest_counts_and_is_itself_allowed() -> None:
    known = contacts("2026-11-02", "2026-11-05", "2026-11-09", channel="visit")
    known += contacts("2026-11-10", "2026-11-11", channel="email")
    moment = allowed_from(local("2026-11-19", "21:00"), contacts=known)
    assert moment == local("2026-12-03", "10:00")
    assert allowed_from(moment, contacts=known) is None


def test_all_waiting_reasons_name_the_moment_that_satisfies_them_all() -> None:
    known = contacts("2026-11-03", "2026-11-05", channel="email")
    answer = verdict(MAIL, {"contacts": known}, at=local("2026-11-19", "10:00").isoformat())
    assert answer.decisive[0].way_out("de") == "Ein Ja wird daraus am Di.,\xa01.\xa0Dez.,\xa009:00."
    assert answer.decisive[0].way_out("en") == "It becomes a yes on Tue\xa01\xa0Dec,\xa009:00."


def test_a_version_that_expires_before_the_moment_makes_it_a_no() -> None:
    changes = {"content": {"valid_to": "2026-11-20T00:00:00+01:00"}}
    answer = verdict(MAIL, changes, at=local("2026-11-19", "21:00").isoformat())
    assert (answer.answer, answer.rules) == ("no", ["DE-INF-01"])


@pytest.mark.parametrize(
    ("year", "sunday"), [(2026, (4, 5)), (2027, (3, 28)), (2028, (4, 16)), (2038, (4, 25)), (2285, (3, 22))]
)
def test_easter_sunday(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == date(year, *sunday)


@pytest.mark.parametrize(("state", "number"), [("NI", 10), ("BY", 13), ("SN", 11), ("BE", 10), ("BB", 12), ("BW", 12)])
def test_number_of_public_holidays_by_land(state: str, number: int) -> None:
    assert len(days(2026, state)) == number


@pytest.mark.parametrize(("year", "day"), [(2026, 18), (2027, 17), (2028, 22)])
def test_the_day_of_repentance_is_the_wednesday_before_the_23rd(year: int, day: int) -> None:
    assert date(year, 11, day) in days(year, "SN")


def test_a_holiday_that_nobody_understands_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a holiday"):
        holiday("sometime Ferien", 2026)
