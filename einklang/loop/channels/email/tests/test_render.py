from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any
from uuid import UUID

import pytest

from einklang.core import company
from einklang.facts.content.read import Version
from einklang.loop.channels.email.letter import Letter, LetterError, language
from einklang.loop.channels.email.render import render

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TEXT = {
    "subject": "Vertiefung Herzinsuffizienz",
    "preheader": "Studie und Video",
    "greeting": "{salutation},",
    "paragraphs": ["Sie haben gelesen: <b>nichts</b> & alles."],
    "links": [
        {"label": "Zur Studie", "kind": "content", "content_slug": "velunor-studie"},
        {"label": "Zum Video", "kind": "video", "content_slug": "velunor-video"},
    ],
    "closing": "Ihre {company}",
}
MANDATORY = [
    ("Pharmazeutischer Unternehmer", "Aurelia Pharma GmbH, Hannover"),
    ("Bezeichnung", "Velunor 10 mg Filmtabletten"),
    ("Zusammensetzung", "1 Filmtablette enthält 10 mg Velunorat."),
    ("Anwendungsgebiete", "Symptomatische chronische Herzinsuffizienz."),
    ("Gegenanzeigen", "Überempfindlichkeit gegen den Wirkstoff."),
    ("Nebenwirkungen", "Schwindel, Hypotonie."),
    ("Warnhinweise", "Für Kinder unzugänglich aufbewahren."),
    ("Abgabe", "Verschreibungspflichtig."),
]
ONE_CLICK = f"https://portal.example/m/u/{'t' * 160}"


def version(text: dict[str, Any] | None = None, *, promotional: bool = True, kind: str = "mail") -> Version:
    return Version(
        id=UUID(int=1),
        slug="vertiefung",
        version=1,
        kind=kind,
        promotional=promotional,
        rx=promotional,
        audience="rx" if promotional else "public",
        market="DE",
        authorisation=UUID(int=2) if promotional else None,
        smpc_version=12,
        mandatory_text=UUID(int=3) if promotional else None,
        topics=("herzinsuffizienz",),
        indications=(),
        body={"de": text or TEXT},
        assets={},
        state="frozen",
        valid_from=NOW,
        valid_to=None,
        frozen_at=NOW,
        sha256="",
    )


def letter(**changes: Any) -> Letter:
    plain = {
        "version": version(),
        "locale": "de",
        "message_id": "<018f@aurelia.example>",
        "sender": "post@aurelia.example",
        "recipient": "miriam.albrecht@praxis.example",
        "name": "Dr. med. Miriam Albrecht",
        "company": company.current(),
        "now": NOW,
        "imprint": "https://portal.example/impressum",
        "variables": {"salutation": "Sehr geehrte Frau Dr. Albrecht", "company": company.current().name},
        "hrefs": ("https://portal.example/inhalt/velunor-studie", "https://portal.example/inhalt/velunor-video"),
        "mandatory": MANDATORY,
        "unsubscribe": "https://portal.example/abmelden/abc",
        "one_click": ONE_CLICK,
    }
    return Letter(**{**plain, **changes})


def read(one: Letter) -> EmailMessage:
    return BytesParser(EmailMessage, policy=default).parsebytes(render(one))


def part(one: Letter, kind: str) -> str:
    body = read(one).get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_the_same_letter_is_the_same_mail_byte_for_byte() -> None:
    assert render(letter()) == render(letter())


def test_names_stand_in_the_headers_and_the_message_id_is_its_own() -> None:
    mail = read(letter())
    assert mail["From"] == "Aurelia Pharma GmbH <post@aurelia.example>"
    assert mail["To"] == '"Dr. med. Miriam Albrecht" <miriam.albrecht@praxis.example>'
    assert mail["Subject"] == "Vertiefung Herzinsuffizienz"
    assert mail["Message-ID"] == "<018f@aurelia.example>"
    assert mail["Date"].datetime == NOW


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_DE_HWG_04_all_fields_of_the_mandatory_text_stand_in_both_parts(kind: str) -> None:
    content = " ".join(part(letter(), kind).split())
    for label, text in MANDATORY:
        assert label in content
        assert text in content


def test_DE_CON_07_one_click_headers_are_whole_and_the_link_is_visible_in_both_parts() -> None:
    mail = read(letter())
    assert mail["List-Unsubscribe"] == f"<{ONE_CLICK}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{ONE_CLICK}>\r\n".encode() in render(letter())
    for kind in ("plain", "html"):
        assert "https://portal.example/abmelden/abc" in part(letter(), kind)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_DE_DDG_01_sender_and_commercial_nature_are_not_disguised(kind: str) -> None:
    content = part(letter(), kind)
    assert "Werbliche Information für Fachkreise" in content
    for line in company.current().imprint:
        assert line in content


@pytest.mark.parametrize("subject", ["Re: Ihre Frage", "AW: Ihre Frage", "fwd: Neues", "WG: Neues"])
def test_DE_DDG_01_a_subject_does_not_pretend_to_be_an_answer(subject: str) -> None:
    with pytest.raises(LetterError):
        render(letter(version=version({**TEXT, "subject": subject})))


def test_DE_TRK_02_without_a_pixel_there_is_no_picture_and_links_are_what_the_letter_says() -> None:
    page = part(letter(), "html")
    assert "<img" not in page
    assert 'href="https://portal.example/inhalt/velunor-studie"' in page


def test_DE_TRK_02_a_pixel_stands_only_in_the_html_part() -> None:
    pixel = "https://portal.example/m/o/abc.gif"
    assert f'<img src="{pixel}"' in part(letter(pixel=pixel), "html")
    assert pixel not in part(letter(pixel=pixel), "plain")


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_EU_DP_10_the_objection_notice_stands_in_the_first_mail_only(kind: str) -> None:
    first = letter(objection="https://portal.example/einstellungen")
    assert "jederzeit widersprechen" in " ".join(part(first, kind).split())
    assert "https://portal.example/einstellungen" in part(first, kind)
    assert "widersprechen" not in part(letter(), kind)


def test_DE_CON_10_a_system_mail_has_no_unsubscribing_and_says_that_a_machine_wrote_it() -> None:
    words = {"subject": "Bitte bestätigen", "paragraphs": ["Ja?"], "links": []}
    system = letter(
        version=version(words, promotional=False, kind="system_mail"),
        hrefs=(),
        mandatory=(),
        unsubscribe=None,
        one_click=None,
    )
    mail = read(system)
    assert mail["List-Unsubscribe"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Werbliche" not in part(system, "plain")
    assert "Pflichtangaben" not in part(system, "html")


def test_text_is_escaped_in_html_and_plain_in_text() -> None:
    assert "&lt;b&gt;nichts&lt;/b&gt; &amp; alles." in part(letter(), "html")
    assert "<b>nichts</b> & alles." in part(letter(), "plain")


def test_the_layout_leaves_nothing_of_its_own_language_and_names_the_mails() -> None:
    page = part(letter(), "html")
    assert "<mj-" not in page
    assert 'lang="de"' in page


def test_english_letters_are_english_throughout() -> None:
    words = {**TEXT, "paragraphs": ["You read about heart failure."], "closing": "Yours"}
    english = replace(version(), body={"de": TEXT, "en": words})
    text = part(letter(version=english, locale="en"), "plain")
    assert "Unsubscribe from e-mails" in text
    assert "Mandatory text" in text
    assert "abbestellen" not in text


def test_a_letter_never_mixes_two_languages() -> None:
    assert language(version(), "en") == "de"
    assert language(replace(version(), body={"de": TEXT, "en": TEXT}), "en") == "en"


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: all@x.example", "a@b.example\n", "keine", "ä@b.example", ""])
def test_an_address_that_is_none_makes_no_mail(address: str) -> None:
    with pytest.raises(LetterError):
        render(letter(recipient=address))


def test_a_line_break_in_a_value_never_becomes_a_header() -> None:
    words = {**TEXT, "subject": "Meldung {report}"}
    mail = read(
        letter(version=version(words), variables={"salutation": "", "company": "", "report": "7\r\nBcc: x@y.z"})
    )
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Meldung 7 Bcc: x@y.z"


def test_a_place_without_a_value_makes_no_mail() -> None:
    with pytest.raises(LetterError, match="confirm_url"):
        render(letter(version=version({**TEXT, "paragraphs": ["{confirm_url}"]})))


def test_a_repeat_says_so_in_subject_and_text() -> None:
    repeat = letter(repeat=True)
    assert read(repeat)["Subject"] == "Wiederholung: Vertiefung Herzinsuffizienz"
    for kind in ("plain", "html"):
        assert "wird wiederholt" in part(repeat, kind)


def test_umlauts_survive_in_headers_and_text_and_every_line_keeps_to_its_length() -> None:
    words = {**TEXT, "subject": "Für Sie: Übersicht über größere Änderungen der Leitlinie zur Herzinsuffizienz 2026"}
    one = letter(version=version(words), name="Dr. Jörg Müßig")
    mail, raw = read(one), render(one)
    assert mail["Subject"] == words["subject"]
    assert mail["To"].addresses[0].display_name == "Dr. Jörg Müßig"
    head, _, body = raw.partition(b"\r\n\r\n")
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 78
