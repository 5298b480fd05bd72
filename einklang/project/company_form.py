"""What a new installation must know of its company: one list of questions, asked in the terminal and on the page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from einklang.core.errors import InputError
from einklang.core.words import Words

ENTITY = re.compile(r"[a-z][a-z0-9-]*")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
TOWN = re.compile(r"\d{5} \S.*")
MARKETS = ("DE",)
STARTTLS, TLS, OPEN = "starttls", "tls", "none"
SECURITIES = (STARTTLS, TLS, OPEN)
PORTS = {STARTTLS: "587", TLS: "465", OPEN: "25"}

NOTHING = Words("", "")

Known = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`usual` proposes an answer from those that were given before; without one the question must be answered."""

    name: str
    label: Words
    hint: Words = NOTHING
    check: Callable[[str, str], str]
    usual: Callable[[Known], str] = lambda known: ""
    choices: tuple[str, ...] = ()
    optional: bool = False
    secret: bool = False


def _missing(field: str) -> InputError:
    return InputError(
        field,
        Words("Diese Angabe fehlt.", "This entry is missing."),
        Words("Ohne sie kann es nicht losgehen.", "It cannot start without it."),
    )


def text(field: str, value: str) -> str:
    if any(unicodedata.category(char).startswith("C") for char in value):
        raise InputError(field, Words("Die Angabe steht in einer Zeile.", "This is a single line."))
    if not value.strip():
        raise _missing(field)
    return value.strip()


def maybe(check: Callable[[str, str], str]) -> Callable[[str, str], str]:
    return lambda field, value: check(field, value) if value.strip() else ""


def one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def check(field: str, value: str) -> str:
        found = next((choice for choice in choices if choice.lower() == value.strip().lower()), None)
        if found is None:
            named = ", ".join(choices)
            raise InputError(field, Words(f"Möglich ist: {named}.", f"Choose one of: {named}."))
        return found

    return check


def matching(pattern: re.Pattern[str], rule: Words, way_out: Words) -> Callable[[str, str], str]:
    def check(field: str, value: str) -> str:
        if not pattern.fullmatch(text(field, value)):
            raise InputError(field, rule, way_out)
        return value.strip()

    return check


def address(field: str, value: str) -> str:
    from einklang.facts.people import checks

    return checks.email(text(field, value), field)


def port(field: str, value: str) -> str:
    if not value.strip().isdecimal() or not 0 < int(value) < 65536:
        raise InputError(field, Words("Ein Port ist eine Zahl von 1 bis 65535.", "A port is a number from 1 to 65535."))
    return value.strip()


def site(field: str, value: str) -> str:
    parts = urlsplit(text(field, value).rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise InputError(
            field,
            Words("Das ist keine Adresse ohne Pfad.", "This is not an address without a path."),
            Words("Sie sieht aus wie https://portal.firma.example.", "It looks like https://portal.company.example."),
        )
    return value.strip().rstrip("/")


def slug(name: str) -> str:
    """`Nordlicht Pharma GmbH` is known as `nordlicht`."""
    plain = unicodedata.normalize("NFKD", name.split(" ")[0]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def host_of(known: Known) -> str:
    return (urlsplit(known.get("public_url", "")).hostname or "").removeprefix("portal.").removeprefix("www.")


COMPANY = (
    Asked(
        name="company",
        label=Words("Name der Firma", "Name of the company"),
        hint=Words("So steht er im Impressum und unter jeder Mail.", "As in the imprint and below every mail."),
        check=text,
    ),
    Asked(
        name="legal_entity",
        label=Words("Kurzname der rechtlichen Einheit", "Short name of the legal entity"),
        hint=Words("Kleinbuchstaben, etwa nordlicht.", "Small letters, like nordlicht."),
        check=matching(
            ENTITY,
            Words("Erlaubt sind a bis z, Ziffern und Bindestrich.", "Allowed are a to z, digits and hyphen."),
            Words("Zum Beispiel: nordlicht.", "For example: nordlicht."),
        ),
        usual=lambda known: slug(known.get("company", "")),
    ),
    Asked(
        name="market",
        label=Words("Markt", "Market"),
        hint=Words("Sein Regelwerk gilt für jedes Urteil.", "Its rule pack counts for every verdict."),
        check=one_of(MARKETS),
        usual=lambda known: MARKETS[0],
        choices=MARKETS,
    ),
    Asked(name="street", label=Words("Straße und Hausnummer", "Street and number"), check=text),
    Asked(
        name="town",
        label=Words("Postleitzahl und Ort", "Postcode and town"),
        check=matching(
            TOWN,
            Words("Die Postleitzahl hat fünf Ziffern.", "The postcode has five digits."),
            Words("Zum Beispiel: 30159 Hannover.", "For example: 30159 Hannover."),
        ),
    ),
    Asked(
        name="management",
        label=Words("Vertretungsberechtigte", "Legal representatives"),
        hint=Words("Pflichtangabe im Impressum (§ 5 DDG).", "Required in the imprint (§ 5 DDG)."),
        check=text,
    ),
    Asked(
        name="register",
        label=Words("Register und USt-IdNr.", "Register and VAT number"),
        hint=Words("Etwa: Amtsgericht Hannover, HRB 1234.", "Like: Amtsgericht Hannover, HRB 1234."),
        check=text,
    ),
    Asked(
        name="contact",
        label=Words("Telefon und E\u2011Mail", "Phone and e\u2011mail"),
        hint=Words("Für das Impressum.", "For the imprint."),
        check=text,
    ),
    Asked(
        name="privacy_contact",
        label=Words("Datenschutzbeauftragte", "Data protection officer"),
        hint=Words(
            "Wie man sie erreicht; steht unter Datenschutz und in jeder Auskunft. Leer, wenn niemand benannt ist.",
            "How to reach them; stands under Privacy and in each copy of data. Empty where nobody is appointed.",
        ),
        check=maybe(text),
        optional=True,
    ),
    Asked(
        name="public_url",
        label=Words("Adresse des Portals", "Address of the portal"),
        hint=Words("Darauf zeigen die Links in Mails.", "Links in mails point there."),
        check=site,
    ),
    Asked(
        name="safety_mailbox",
        label=Words("Postfach der Arzneimittelsicherheit", "Mailbox of drug safety"),
        hint=Words("Meldungen von Nebenwirkungen gehen dorthin.", "Reports of side effects go there."),
        check=address,
        usual=lambda known: f"safety@{host_of(known)}" if "." in host_of(known) else "",
    ),
)
MAIL = (
    Asked(
        name="mail_domain",
        label=Words("Domain der Absenderadresse", "Domain of the sender's address"),
        hint=Words("Mails kommen von post@ dieser Domain.", "Mails come from post@ this domain."),
        check=matching(
            HOST,
            Words("Das ist keine Domain.", "This is not a domain."),
            Words("Zum Beispiel: firma.example.", "For example: company.example."),
        ),
        usual=host_of,
    ),
    Asked(
        name="mail_host",
        label=Words("Mailserver", "Mail server"),
        hint=Words("Leer lassen, um später zu entscheiden.", "Leave empty to decide later."),
        check=maybe(
            matching(
                HOST,
                Words("Das ist kein Rechnername.", "This is not a host name."),
                Words("Zum Beispiel: smtp.firma.example.", "For example: smtp.company.example."),
            )
        ),
        optional=True,
    ),
    Asked(
        name="mail_security",
        label=Words("Verschlüsselung", "Encryption"),
        check=one_of(SECURITIES),
        usual=lambda known: STARTTLS,
        choices=SECURITIES,
    ),
    Asked(
        name="mail_port",
        label=Words("Port", "Port"),
        check=port,
        usual=lambda known: PORTS.get(known.get("mail_security", ""), PORTS[STARTTLS]),
    ),
    Asked(
        name="mail_user",
        label=Words("Benutzer am Mailserver", "User at the mail server"),
        hint=Words(
            "Das Passwort steht nur in der Umgebung: EINKLANG_SMTP_PASSWORD.",
            "The password stands in the environment only: EINKLANG_SMTP_PASSWORD.",
        ),
        check=maybe(text),
        optional=True,
    ),
)
WITH_SERVER = ("mail_security", "mail_port", "mail_user")
TEST_MAIL = Asked(
    name="test_mail",
    label=Words("Testmail an (leer: keine)", "Test mail to (empty: none)"),
    check=maybe(address),
    optional=True,
)
ADMINISTRATOR = (
    Asked(name="admin_name", label=Words("Ihr Name", "Your name"), check=text),
    Asked(name="admin_email", label=Words("Ihre E\u2011Mail-Adresse", "Your e\u2011mail address"), check=address),
    Asked(
        name="admin_password",
        label=Words("Ihr Passwort", "Your password"),
        hint=Words("Mindestens zehn Zeichen.", "At least ten characters."),
        check=lambda field, value: value or str(text(field, value)),
        secret=True,
    ),
)


def mail_url(known: Known) -> str:
    """Without a password, which the home does not keep."""
    if not known.get("mail_host"):
        return ""
    scheme = "smtps" if known["mail_security"] == TLS else "smtp"
    user = f"{known['mail_user']}@" if known.get("mail_user") else ""
    demand = "?tls=required" if known["mail_security"] == STARTTLS else ""
    return f"{scheme}://{user}{known['mail_host']}:{known['mail_port']}{demand}"


def document(known: Known) -> dict[str, Any]:
    """What `company.json` holds."""
    place = [known["street"], known["town"]]
    return {
        "name": known["company"],
        "address": place,
        "imprint": [
            ", ".join((known["company"], *place)),
            f"Vertreten durch: {known['management']}",
            known["register"],
            known["contact"],
        ],
        "privacy_contact": known.get("privacy_contact", ""),
        "settings": {
            "legal_entity": known["legal_entity"],
            "public_url": known["public_url"],
            "smtp_url": mail_url(known),
            "mail_domain": known["mail_domain"],
            "safety_mailbox": known["safety_mailbox"],
        },
        "answers": {question.name: known.get(question.name, "") for question in (*COMPANY, *MAIL)},
    }
