from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.consent import wordings
from einklang.facts.consent.permissions import PERMISSIONS
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW


def test_a_new_installation_has_words_for_every_permission_in_both_languages() -> None:
    for locale in ("de", "en"):
        found = wordings.current_all(cursor(), PERMISSIONS, locale, NOW)
        assert set(found) == set(PERMISSIONS)
        assert all(each.sha256 == ids.digest(each.text.encode()) for each in found.values())


def test_a_new_version_counts_from_its_moment_on() -> None:
    later = NOW + timedelta(days=1)
    assert wordings.publish(cursor(), "email", {"de": "Neu", "en": "New"}, later) == 2
    now, then = (wordings.current(cursor(), "email", "en", at) for at in (NOW, later))
    assert now is not None
    assert then is not None
    assert (now.version, then.version, then.text) == (1, 2, "New")
    assert wordings.get(cursor(), now.id) == now


def test_a_language_that_a_version_lacks_keeps_its_older_words() -> None:
    wordings.publish(cursor(), "email", {"de": "Neu"}, NOW)
    english = wordings.current(cursor(), "email", "en", NOW)
    assert english is not None
    assert english.version == 1


@pytest.mark.parametrize(("permission", "texts"), [("everything", {"de": "x"}), ("email", {}), ("email", {"de": " "})])
def test_words_without_sense_are_refused(permission: str, texts: dict[str, str]) -> None:
    with pytest.raises(InputError):
        wordings.publish(cursor(), permission, texts, NOW)


def test_what_nobody_wrote_is_not_there() -> None:
    assert wordings.current(cursor(), "email", "fr", NOW) is None
    assert wordings.get(cursor(), ids.new()) is None
