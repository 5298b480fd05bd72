from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core.connection import cursor
from einklang.core.errors import EinklangError
from einklang.facts.content import sign
from einklang.facts.people.models import User
from einklang.services.approval import acts
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.django_db
ROLES = ("medical_reviewer", "legal_reviewer", "information_officer")
PEOPLE = (*ROLES, "everything", "writer")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sign"), st.sampled_from(PEOPLE), st.sampled_from(ROLES)),
        st.tuples(st.just("bare"), st.sampled_from(PEOPLE), st.sampled_from(ROLES)),
        st.tuples(st.just("write"), st.integers(0, 2).map(str), st.just("")),
        st.tuples(st.sampled_from(["submit", "back", "return"]), st.sampled_from(ROLES), st.just("")),
    ),
    max_size=14,
)


def everybody() -> dict[str, User]:
    found = {**parts.reviewers(), "everything": cast.staff("everything"), "writer": parts.author()}
    User.objects.filter(id=found["everything"].id).update(roles=list(ROLES))
    User.objects.filter(id=found["writer"].id).update(roles=["marketing", *ROLES])
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_DE_INF_01_no_sequence_of_acts_releases_without_three_people_in_three_roles_over_this_very_text(
    steps: list[tuple[str, str, str]],
) -> None:
    with transaction.atomic():
        people = everybody()
        version = parts.draft("mail", body=mail("0"))
        for step in [("submit", ROLES[0], ""), *steps]:
            with suppress(EinklangError), transaction.atomic():
                take(version, people, *step)
            content = parts.content(version)
            valid = [each for each in sign.signatures(cursor(), [version]).get(version, []) if each.valid(content)]
            if content.state == "frozen":
                assert {each.role for each in valid} == set(ROLES)
                assert len({each.user for each in valid}) == 3
            else:
                assert len(valid) < 3
        transaction.set_rollback(True)


def take(version: object, people: dict[str, User], act: str, who: str, role: str) -> None:
    content, cur = parts.content(version), cursor()  # type: ignore[arg-type]
    base, writer = content.sha256, people["writer"].id
    if act == "sign":
        parts.approves(content.id, people[who], role)
    elif act == "bare":
        user = people[who]
        sign.sign(cur, version=content.id, user=user.id, role=role, name=user.name, meaning="", now=parts.NOW)
    elif act == "write":
        acts.save(cur, content.id, parts.fields(body=mail(who)), base=base, user=writer, now=parts.NOW)
    elif act == "submit":
        acts.submit(cur, content.id, base=base, user=writer, now=parts.NOW)
    elif act == "back":
        acts.take_back(cur, content.id, user=writer, now=parts.NOW)
    else:
        acts.send_back(
            cur, content.id, role=who, base=base, user=people[who].id, reason="Nein", reject=False, now=parts.NOW
        )


def mail(text: str) -> dict[str, object]:
    return {"de": {"subject": "Velunor", "paragraphs": [f"Fassung {text}"]}}
