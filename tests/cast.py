"""The people, products and texts of the tests. Each function makes its part once and then finds it again.

All of them are fiction. Time is Thursday 19 November 2026, 07:42 in Berlin, as in the demo.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from einklang.core.connection import cursor
from einklang.facts.consent import ledger, wordings
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.content import sign
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.models import (
    Identifier,
    Organisation,
    Person,
    Qualification,
    Territory,
    TerritoryPerson,
    TerritoryRep,
    User,
    Verification,
)
from einklang.facts.products.models import Authorisation, Brand, MandatoryText, Pack, Smpc

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
YEAR = timedelta(days=365)
PASSWORD = "einklang-im-test"
TOPIC = "herzinsuffizienz"

FIELDS = {
    "company": "Aurelia Pharma GmbH, Hannover",
    "name": "Velunor 10 mg Filmtabletten",
    "substance": "Velunorat",
    "composition": "1 Filmtablette enthält 10 mg Velunorat.",
    "indications": "Symptomatische chronische Herzinsuffizienz.",
    "contraindications": "Überempfindlichkeit gegen den Wirkstoff.",
    "side_effects": "Schwindel, Hypotonie.",
    "warnings": "n/a: Auf der Packung sind keine Warnhinweise vorgeschrieben.",
    "prescription": "Verschreibungspflichtig.",
}


# Health professionals


def albrecht(*, verified: bool = True) -> Person:
    """The doctor of the story, in the territory of Jonas Petersen."""
    person = _person("Frau", "Dr. med.", "Miriam", "Albrecht", "physician", specialty="Kardiologie")
    Identifier.objects.get_or_create(person=person, system="lanr", value="246813950")
    return _known(person, north(), verified=verified)


def kern(*, verified: bool = True) -> Person:
    """A doctor in the territory of Nina Adler."""
    person = _person("Herr", "Dr. med.", "Tobias", "Kern", "physician", specialty="Innere Medizin")
    return _known(person, south(), verified=verified)


def lorenz(*, verified: bool = True) -> Person:
    """A pharmacist: sees what is for prescribers and dispensers, gets no sample of it."""
    return _known(_person("Frau", "", "Petra", "Lorenz", "pharmacist"), north(), verified=verified)


def holtz(*, verified: bool = True) -> Person:
    """A nurse: professional circle, but no audience of promotion for prescription medicines."""
    return _known(_person("Frau", "", "Sabine", "Holtz", "nurse"), north(), verified=verified)


def doctor(number: int) -> Person:
    """As many as a test needs, in the territory of Jonas Petersen; the id is the number's, for what goes by chance."""
    id_ = UUID(int=(7 << 76) + number)
    family = f"Muster{chr(97 + number)}"
    person = _person("Frau", "Dr. med.", "Ina", family, "physician", specialty="Kardiologie", id=id_)
    return _known(person, north(), verified=True)


def login_of(person: Person) -> User:
    found = User.objects.filter(person=person).first()
    return found or User.objects.create_user(
        person.email, PASSWORD, name=person.display_name, person=person, roles=["hcp"]
    )


# The company


def petersen() -> User:
    return _rep("Jonas Petersen", north())


def adler() -> User:
    return _rep("Nina Adler", south())


def medical_reviewer() -> User:
    return staff("medical_reviewer", "Dr. Heike Sandvoss")


def legal_reviewer() -> User:
    return staff("legal_reviewer", "Lukas Brandt")


def information_officer() -> User:
    return staff("information_officer", "Dr. Jana Michalski")


def auditor() -> User:
    return staff("auditor", "Emre Aydin")


def administrator() -> User:
    return staff("administrator", "Anna Vogt")


def staff(role: str, name: str = "") -> User:
    """Anybody else of the company, by role."""
    email = f"{role.replace('_', '-')}@aurelia.example"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, PASSWORD, name=name or role, roles=[role])


def north() -> Territory:
    return Territory.objects.get_or_create(name="Hannover Nord")[0]


def south() -> Territory:
    return Territory.objects.get_or_create(name="Göttingen Süd")[0]


# Products


def velunor() -> Authorisation:
    """Prescription only; with Fachinformation 12, mandatory text and a smallest pack that may be a sample."""
    return _product("velunor", "Velunor", "Velunor 10 mg Filmtabletten", rx=True, smpc=12)


def linosan() -> Authorisation:
    """Over the counter."""
    return _product("linosan", "Linosan", "Linosan 200 mg Tabletten", rx=False, smpc=3)


def pack(product: Authorisation | None = None) -> Pack:
    return Pack.objects.get(authorisation=product or velunor(), is_smallest=True)


# Content


def article(slug: str = "herzinsuffizienz-praxis", **changes: Any) -> ContentVersion:
    """Not promotional, for all professionals."""
    body = {
        "de": {
            "title": "Herzinsuffizienz: was sich für die Praxis ändert",
            "lede": "Drei Punkte für den Alltag.",
            "minutes": 6,
            "blocks": [{"type": "p", "text": "Die neue Leitlinie ordnet die Therapie anders."}],
        },
        "en": {
            "title": "Heart failure: what changes in practice",
            "lede": "Three points for every day.",
            "minutes": 6,
            "blocks": [{"type": "p", "text": "The new guideline orders therapy differently."}],
        },
    }
    return frozen(slug, "article", body, **{"audience": "fachkreis", "topics": [TOPIC], **changes})


def product_article(slug: str = "velunor-studie", **changes: Any) -> ContentVersion:
    """Promotional, about the prescription medicine."""
    body = {"de": {"title": "Velunor in der Studie", "lede": "Ergebnisse nach einem Jahr.", "blocks": []}}
    return frozen(slug, "study", body, **{**_promotes(velunor()), "topics": [TOPIC], **changes})


def mail(slug: str = "vertiefung-herzinsuffizienz", **changes: Any) -> ContentVersion:
    """Promotional, about the prescription medicine, with links to what goes deeper."""
    body = {
        "de": {
            "subject": "Vertiefung Herzinsuffizienz",
            "preheader": "Studie und Video",
            "greeting": "{salutation},",
            "paragraphs": ["Sie haben über Herzinsuffizienz gelesen. Hier ist die Studie dazu."],
            "links": [{"label": "Zur Studie", "kind": "content", "content_slug": "velunor-studie"}],
            "closing": "Ihre {company}",
        }
    }
    return frozen(slug, "mail", body, **{**_promotes(velunor()), "topics": [TOPIC], **changes})


def opt_in_mail() -> ContentVersion:
    body = {
        "de": {
            "subject": "Bitte bestätigen Sie Ihre Einwilligung",
            "greeting": "{salutation},",
            "paragraphs": ["Sie haben uns erlaubt, Ihnen zu schreiben. Bitte bestätigen Sie das."],
            "links": [{"label": "Einwilligung bestätigen", "kind": "confirm", "url": "{confirm_url}"}],
            "closing": "Ohne Bestätigung schreiben wir Ihnen nicht.",
        }
    }
    return frozen("opt-in", "system_mail", body, audience="public")


def frozen(slug: str, kind: str, body: dict[str, Any], **fields: Any) -> ContentVersion:
    """A version with its three signatures; a slug that is there is found again, whatever the other arguments say."""
    found = ContentVersion.objects.filter(slug=slug, version__gt=0).order_by("-version").first()
    if found:
        return found
    defaults = {"promotional": False, "rx": False, "audience": "public", "valid_from": NOW - YEAR}
    version = ContentVersion.objects.create(slug=slug, kind=kind, body=body, **{**defaults, **fields})
    signers = {
        "medical_reviewer": medical_reviewer().id,
        "legal_reviewer": legal_reviewer().id,
        "information_officer": information_officer().id,
    }
    sign.release(cursor(), version=version.id, signers=signers, now=NOW)
    version.refresh_from_db()
    return version


# Consent


def allow(subject: Person | str, *permissions: str, grade: str = "title", now: datetime = NOW) -> list[UUID]:
    """Granted without the way through mail; `subject` is a person or an anonymous id."""
    return _record(subject, "granted", permissions, grade, now)


def withdraw(subject: Person | str, *permissions: str, now: datetime = NOW) -> list[UUID]:
    return _record(subject, "withdrawn", permissions, None, now)


def object_to(subject: Person, *permissions: str, now: datetime = NOW) -> list[UUID]:
    return _record(subject, "objected", permissions, None, now)


def everybody() -> list[Person]:
    return [albrecht(), kern(), lorenz(), holtz()]


def _record(
    subject: Person | str, state: str, permissions: tuple[str, ...], grade: str | None, now: datetime
) -> list[UUID]:
    cur = cursor()
    entries = []
    for name in permissions:
        known, wording = PERMISSIONS[name], wordings.current(cur, name, "de", now)
        entries.append(
            ledger.Entry(
                subject=subject.id if isinstance(subject, Person) else subject,
                permission=name,
                channel=known.channel,
                purpose=known.purpose,
                state=state,
                grade=grade if known.grades else None,
                wording=wording.id if wording else None,
                evidence={"form": "test"},
            )
        )
    return ledger.append(cur, entries, now)


def _person(
    salutation: str, title: str, given: str, family: str, profession: str, *, specialty: str = "", **more: Any
) -> Person:
    email = f"{given}.{family}@praxis.example".lower()
    found = Person.objects.filter(email=email).first()
    return found or Person.objects.create(
        salutation=salutation,
        title=title,
        given_name=given,
        family_name=family,
        profession=profession,
        specialty=specialty,
        land="DE-NI",
        email=email,
        organisation=_practice(family),
        created_at=NOW - YEAR,
        **more,
    )


def _practice(family: str) -> Organisation:
    return Organisation.objects.create(
        name=f"Praxis {family}", street="Lindenallee 4", postcode="30159", city="Hannover", land="DE-NI"
    )


def _known(person: Person, territory: Territory, *, verified: bool) -> Person:
    TerritoryPerson.objects.get_or_create(territory=territory, person=person)
    if verified:
        Verification.objects.get_or_create(
            person=person,
            role=person.profession,
            defaults={
                "level": "document",
                "provider": "Arztausweis",
                "verified_at": NOW - YEAR / 2,
                "valid_until": NOW + YEAR / 2,
            },
        )
    return person


def _rep(name: str, territory: Territory) -> User:
    email = name.lower().replace(" ", ".") + "@aurelia.example"
    found = User.objects.filter(email=email).first()
    if found:
        return found
    rep = User.objects.create_user(email, PASSWORD, name=name, roles=["rep"])
    TerritoryRep.objects.create(territory=territory, user=rep, since=NOW - YEAR)
    Qualification.objects.create(user=rep, kind="Pharmareferent", valid_from=NOW - 3 * YEAR, valid_until=NOW + 2 * YEAR)
    return rep


def _product(slug: str, brand: str, name: str, *, rx: bool, smpc: int) -> Authorisation:
    found = Authorisation.objects.filter(slug=slug).first()
    if found:
        return found
    family = Brand.objects.create(id=slug, name=brand, substance=FIELDS["substance"])
    product = Authorisation.objects.create(
        slug=slug, brand=family, name=name, rx=rx, authorised_from=NOW - 3 * YEAR, indications=[TOPIC]
    )
    Pack.objects.create(
        slug=f"{slug}-14",
        authorisation=product,
        pzn="01234562",
        size="14 Stück",
        is_smallest=True,
        label_confirmed=True,
        label_evidence="Freigabe der Faltschachtel vom 3. März 2024",
    )
    Smpc.objects.create(
        authorisation=product, version=smpc, valid_from=NOW - YEAR, body=f"Fachinformation {name}, Fassung {smpc}"
    )
    MandatoryText.objects.create(
        authorisation=product, version=smpc, valid_from=NOW - YEAR, fields={**FIELDS, "name": name}
    )
    return product


def _promotes(product: Authorisation) -> dict[str, Any]:
    return {
        "promotional": True,
        "rx": product.rx,
        "audience": "rx" if product.rx else "fachkreis",
        "authorisation": product,
        "smpc_version": Smpc.objects.get(authorisation=product, valid_to=None).version,
        "mandatory_text": MandatoryText.objects.filter(authorisation=product).latest("version"),
        "indications": product.indications,
    }
