from __future__ import annotations

import pytest

from einklang.core.connection import cursor
from einklang.facts.audit import trail
from einklang.facts.content import read as content
from einklang.facts.content import sign
from einklang.facts.people.models import User
from einklang.facts.people.users import By
from einklang.loop.gate import browse
from einklang.loop.gate.system_mail import NotReleased
from einklang.services.accounts import acts
from tests import cast

pytestmark = pytest.mark.django_db
ADDRESS = "mara.lind@aurelia.example"


def invite() -> User:
    by = By(cast.administrator().id, "Neu im Team")
    acts.invite(cursor(), email=ADDRESS, name="Mara Lind", roles=["marketing"], locale="en", by=by, now=cast.NOW)
    return User.objects.get(email=ADDRESS)


def test_who_is_invited_has_no_password_and_a_mail_on_the_way() -> None:
    made = invite()
    (mail,) = browse.listing(cursor())
    assert (mail.recipient, mail.purpose, mail.state) == (made.id, "transactional", "planned")
    assert not made.has_usable_password()


def test_a_second_invitation_is_a_second_mail_and_stands_in_the_trail() -> None:
    made = invite()
    acts.invite_again(cursor(), made.id, By(cast.administrator().id, "Nicht angekommen"), cast.NOW)
    assert len(browse.listing(cursor())) == 2
    told = trail.listing(cursor(), limit=9, object=f"user:{made.id}")
    assert sorted(each.act for each in told) == ["user.create", "user.invite"]


def test_who_forgot_the_password_gets_a_mail_and_a_stranger_none() -> None:
    acts.forgotten(cursor(), "niemand@praxis.example", cast.NOW)
    assert browse.listing(cursor()) == []
    acts.forgotten(cursor(), cast.administrator().email.upper(), cast.NOW)
    (mail,) = browse.listing(cursor())
    assert mail.variables["reset_url"]


@pytest.mark.parametrize("slug", [acts.INVITATION, acts.RESET])
def test_a_mail_that_is_not_released_is_named(slug: str) -> None:
    somebody = cast.administrator()
    sign.withdraw(cursor(), content.live(cursor(), [slug], cast.NOW)[slug].id)
    with pytest.raises(NotReleased) as refused:
        invite() if slug == acts.INVITATION else acts.forgotten(cursor(), somebody.email, cast.NOW)
    assert refused.value.slug == slug
