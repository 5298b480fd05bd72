from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from einklang.faces.studio.conftest import Enter, World
from einklang.faces.studio.urls import urlpatterns
from einklang.facts.people.roles import ACTS, ROLES
from einklang.ui.access import act_of
from tests import cast

READS = {
    "overview": "studio.open",
    "people": "studio.people",
    "person": "studio.timeline",
    "journeys": "studio.journeys",
    "journey": "studio.journeys",
    "verdicts": "studio.verdicts.count",
    "verdict": "studio.verdicts",
    "messages": "studio.messages.count",
    "message": "studio.messages",
    "mail": "studio.messages",
    "orders": "studio.dispatch",
    "order": "studio.dispatch",
    "note": "studio.dispatch",
    "health": "studio.health",
    "consents": "studio.consents",
    "pressure": "studio.pressure",
    "audit": "studio.audit",
}
WRITES = {
    "switch": "studio.journeys.control",
    "control": "studio.messages.control",
    "control-many": "studio.messages.control",
    "consents-check": "studio.consents",
    "audit-check": "studio.audit",
    "audit-review": "studio.audit",
    "view-save": "studio.open",
}
ACTS_OF_WRITES = {"switch": "pause", "control": "hold", "control-many": "hold"}


def address(name: str, world: World) -> str:
    ids: dict[str, dict[str, Any]] = {
        "person": {"person": world.person.id},
        "journey": {"journey": world.journey},
        "switch": {"journey": world.journey},
        "verdict": {"verdict": world.mail.verdict_id},
        "control": {"message": world.mail.message},
        "message": {"message": world.mail.message},
        "mail": {"message": world.mail.message},
        "order": {"order": world.order},
        "note": {"order": world.order},
    }
    return reverse(f"studio:{name}", kwargs=ids.get(name))


def test_every_address_asks_for_an_act_of_the_table() -> None:
    views = {pattern.name: pattern.callback for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert [name for name, view in views.items() if act_of(view) not in ACTS] == []
    assert {name: act_of(views[name]) for name in READS | WRITES} == READS | WRITES


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_what_the_table_opens_and_nothing_else(role: str, enter: Enter, world: World) -> None:
    client = enter(role)
    for name, act in READS.items():
        refused = client.get(address(name, world)).status_code == 403
        assert refused is (role not in ACTS[act]), name


@pytest.mark.parametrize("role", ROLES)
def test_a_role_changes_what_the_table_opens_and_nothing_else(role: str, enter: Enter, world: World) -> None:
    client = enter(role)
    for name, act in WRITES.items():
        refused = client.post(address(name, world), {"act": ACTS_OF_WRITES.get(name, "")}).status_code == 403
        assert refused is (role not in ACTS[act]), name


def test_who_is_not_logged_in_is_asked_to_log_in(client: Client, world: World) -> None:
    for name in READS:
        answer = client.get(address(name, world))
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/anmelden?next="), name


@pytest.mark.parametrize("role", ["marketing", "analyst"])
def test_marketing_and_analysts_see_counts_and_no_name(role: str, enter: Enter, world: World) -> None:
    client = enter(role)
    for name in ("verdicts", "messages", "journeys", "journey"):
        text = client.get(address(name, world)).content.decode()
        assert world.person.family_name not in text, name
        assert "DE-CON-01" in text or name != "verdicts"


def test_a_rep_and_a_doctor_find_nothing_here(world: World) -> None:
    for user in (cast.petersen(), cast.adler(), cast.login_of(world.person)):
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert all(browser.get(address(name, world)).status_code == 403 for name in READS)
