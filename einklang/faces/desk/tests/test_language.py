from __future__ import annotations

from einklang.faces.desk.tests.conftest import Enter, reads
from einklang.faces.desk.tests.test_permissions import ACT, address
from einklang.facts.people.models import Person
from tests import cast

GERMAN = ("Heute", "Kontakte", "Nächster", "Besuch", "Muster", "fehlt", "Bericht", "Sie ", "Darüber", "erteilt")
NAMES = ("Lesen, vertiefen, besuchen", "Unverkäufliches Muster")


def test_every_page_speaks_english_to_whom_it_should(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "tracking", "rep_visibility", "email")
    reads(doctor)
    rep = cast.petersen()
    rep.locale = "en"
    rep.save()
    for name in ACT:
        text = enter(rep).get(address(name, doctor)).content.decode()
        for own in NAMES:
            text = text.replace(own, "")
        if name == "smpc":
            text = text.split('lang="de"')[0]
        assert [word for word in GERMAN if word in text] == [], name
