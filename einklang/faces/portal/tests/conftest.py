from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from einklang.core import clock
from einklang.faces.portal.models import Notice
from einklang.facts.people.models import Person
from tests import cast

Enter = Callable[..., Client]


@pytest.fixture(autouse=True)
def story_time(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The portal's pages ask the clock; here it stands at the begin of the story."""
    monkeypatch.setattr(clock, "now", lambda cur=None: cast.NOW)
    return cast.NOW


@pytest.fixture
def enter() -> Enter:
    """A browser in which this person is logged in and, unless told otherwise, has answered the consent notice."""

    def logged_in(person: Person, *, noticed: bool = True) -> Client:
        client = Client()
        user = cast.login_of(person)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if noticed:
            Notice.objects.get_or_create(user=user, defaults={"accepted": False, "at": cast.NOW})
        return client

    return logged_in
