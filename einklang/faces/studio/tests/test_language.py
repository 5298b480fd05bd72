from __future__ import annotations

from django.test import Client

from einklang.faces.studio.conftest import World
from einklang.faces.studio.tests.test_permissions import READS, address
from tests import cast

GERMAN = ("Personen", "Urteile", "Nachrichten", "Bestellung", "Betrieb", "Suchen", "Fassung", " hat ", "erteilt")


def test_every_page_speaks_english_to_whom_it_should(world: World) -> None:
    user = cast.administrator()
    user.locale = "en"
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for name in READS:
        text = client.get(address(name, world), follow=True).content.decode(errors="replace")
        assert [word for word in GERMAN if word in text] == [], name
