from __future__ import annotations

import pytest

from einklang.facts.people import roles
from tests import cast


def test_every_act_names_known_roles_and_every_role_may_do_something() -> None:
    assert set().union(*roles.ACTS.values()) == set(roles.ROLES)


@pytest.mark.parametrize("act", ["studio.timeline", "studio.verdicts", "studio.people", "safety.read"])
@pytest.mark.parametrize("role", [roles.REP, roles.MARKETING, roles.ANALYST, roles.HCP])
def test_who_sells_or_counts_sees_no_named_person(role: str, act: str) -> None:
    assert not roles.may([role], act)


def test_safety_reports_are_read_by_the_safety_officer_alone() -> None:
    assert roles.ACTS["safety.read"] == {roles.SAFETY_OFFICER}


def test_several_roles_add_up() -> None:
    assert roles.may([roles.MARKETING, roles.AUDITOR], "studio.timeline")
    assert not roles.may([], "portal.read")


def test_an_unknown_act_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        roles.may([roles.ADMINISTRATOR], "studio.everything")


@pytest.mark.django_db
def test_a_user_who_was_switched_off_may_nothing() -> None:
    auditor = cast.auditor()
    assert auditor.may("studio.timeline")
    auditor.is_active = False
    assert not auditor.may("studio.timeline")
