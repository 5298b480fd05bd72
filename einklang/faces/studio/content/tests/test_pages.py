from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from einklang.core import settings
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.faces.studio.content.urls import urlpatterns
from einklang.facts.content import read
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.roles import ACTS, ROLES
from einklang.services.approval import comments, duties
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.django_db
READS = {
    "content": "content.read",
    "content-new": "content.edit",
    "content-detail": "content.read",
    "content-edit": "content.edit",
    "content-compare": "content.read",
    "content-references": "content.read",
    "content-smpc": "content.read",
    "review": "content.comment",
    "content-withdraw": "content.withdraw",
    "content-confirm": "content.smpc",
    "content-signatures": "content.read",
    "tasks": "content.tasks",
    "smpc": "content.read",
    "mandatory": "content.read",
    "smpc-new": "content.smpc",
    "topics": "content.read",
    "topic-new": "content.edit",
    "topic": "content.read",
}
WRITES = {
    "comment": "content.comment",
    "comment-settle": "content.comment",
    "content-control": "content.edit",
    "content-test": "studio.mailings.control",
    "task-done": "content.tasks",
    "topic-retire": "content.edit",
    "topic-restore": "content.edit",
    "topic-drop": "content.edit",
}


def address(name: str, version: UUID) -> str:
    ids: dict[str, dict[str, Any]] = {
        "content": {},
        "content-new": {},
        "tasks": {},
        "smpc": {},
        "smpc-new": {"product": cast.velunor().id},
        "mandatory": {"product": cast.velunor().id},
        "comment-settle": {"version": version, "comment": version},
        "task-done": {"task": version},
        "topics": {},
        "topic-new": {},
        **{each: {"topic": cast.TOPIC} for each in ("topic", "topic-retire", "topic-restore", "topic-drop")},
    }
    return reverse(f"studio:{name}", kwargs=ids.get(name, {"version": version}))


def text_of(client: Client, name: str, version: UUID, query: str = "") -> str:
    answer = client.get(address(name, version) + query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def form_of(version: UUID) -> dict[str, str]:
    """What the browser sends back without a change."""
    content = parts.content(version)
    return {
        "base": content.sha256,
        "act": "save",
        "audience": content.audience,
        "promotional": "on",
        "product": str(content.authorisation),
        "topics": ", ".join(content.topics),
        "indications": ", ".join(content.indications),
        "valid_from": "2026-11-19",
        "valid_to": "2027-11-19",
        "de-title": "Velunor im Alltag",
        "de-lede": "Was die Praxis wissen muss.",
        "de-references": "Musterautor A | 2025 | Fiktives Journal 12:34 | ja",
        "de-claims": "Weniger Krankenhaustage | 1",
        "de-rows": "1",
        "de-0-kind": "p",
        "de-0-text": "Kalium vor jeder Umstellung bestimmen.",
        "en-rows": "0",
    }


def test_every_address_of_contents_is_tried_here() -> None:
    named = {pattern.name for pattern in urlpatterns}
    assert named - {"content-file"} == READS.keys() | WRITES.keys()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_what_the_table_opens_and_nothing_else(role: str, enter: Enter) -> None:
    version, client = parts.draft(), enter(role)
    for name, act in READS.items():
        assert (client.get(address(name, version)).status_code == 403) is (role not in ACTS[act]), name
    for name, act in WRITES.items():
        assert (client.post(address(name, version)).status_code == 403) is (role not in ACTS[act]), name


def test_the_library_is_filtered_by_what_one_looks_for(enter: Enter) -> None:
    version = parts.draft()
    cast.mail()
    client = enter("marketing")
    assert "velunor-alltag" in text_of(client, "content", version, "?zustand=draft")
    assert "velunor-alltag" not in text_of(client, "content", version, "?zustand=released")
    assert "velunor-alltag" not in text_of(client, "content", version, "?art=mail")
    assert "velunor-alltag" in text_of(client, "content", version, f"?produkt={cast.velunor().id}&suche=alltag")
    assert "Kein Inhalt passt" in text_of(client, "content", version, "?suche=gibtesnicht")


@pytest.mark.parametrize("channel", ["portal", "desk"])
def test_a_content_is_shown_as_its_channel_shows_it(channel: str, enter: Enter) -> None:
    text = text_of(enter("auditor"), "content-detail", parts.draft(), f"?kanal={channel}")
    assert "Kalium vor jeder Umstellung" in text
    assert "Pflichtangaben: Velunor" in text


def test_a_mail_is_shown_as_it_goes_out_with_its_mandatory_text(enter: Enter) -> None:
    text = text_of(enter("marketing"), "content-detail", cast.mail().id)
    assert "Sehr geehrte Frau Dr. Beispiel" in text
    assert "Symptomatische chronische Herzinsuffizienz" in text


def test_a_draft_is_begun_and_opens_in_the_editor(enter: Enter) -> None:
    client = enter("marketing")
    told = {"slug": "neuer-text", "kind": "slides", "audience": "fachkreis", "valid_from": "2026-11-19"}
    answer = client.post(reverse("studio:content-new"), told, follow=True)
    made = ContentVersion.objects.get(slug="neuer-text")
    assert answer.redirect_chain[-1][0] == address("content-edit", made.id)
    again = client.post(reverse("studio:content-new"), told)
    assert (again.status_code, "Diese Kennung gibt es schon" in again.content.decode()) == (422, True)


def test_a_save_without_a_change_is_none_and_one_with_a_change_is(enter: Enter) -> None:
    version = parts.draft()
    client, before = enter("marketing"), parts.content(version).sha256
    told = {**form_of(version), "valid_from": "2026-11-19"}
    assert client.post(address("content-edit", version), told).status_code == 302
    assert parts.content(version).sha256 == before
    assert client.post(address("content-edit", version), {**told, "de-title": "Neu"}).status_code == 302
    assert parts.content(version).title("de") == "Neu"


def test_a_wrong_block_is_told_at_its_place_and_the_input_stays(enter: Enter) -> None:
    version = parts.draft()
    told = {**form_of(version), "de-0-text": "", "de-lede": "Bleibt stehen"}
    answer = enter("marketing").post(address("content-edit", version), told)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#de-0"' in text
    assert "Bleibt stehen" in text


def test_the_second_of_two_editors_is_told_and_keeps_her_text(enter: Enter) -> None:
    version = parts.draft()
    client, stale = enter("marketing"), form_of(version)
    client.post(address("content-edit", version), {**stale, "de-title": "Zuerst"})
    answer = client.post(address("content-edit", version), {**stale, "de-title": "Danach"})
    text = answer.content.decode()
    assert (answer.status_code, "Danach" in text, "Jemand hat diesen Entwurf geändert" in text) == (409, True, True)
    assert parts.content(version).title("de") == "Zuerst"
    fresh = parts.content(version).sha256
    onward = client.post(address("content-edit", version), {**stale, "de-title": "Danach", "base": fresh})
    assert (onward.status_code, parts.content(version).title("de")) == (302, "Danach")


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("bild.png", b"<html>kein Bild</html>", "weder Bild noch Film"),
        ("bild.png", b"\xff\xd8\xff\xe0 ein JPEG", "nicht, was ihr Name sagt"),
        ("bild.exe", b"MZ", "weder Bild noch Film"),
        ("bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "aktive Teile"),
        ("bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "aktive Teile"),
        ("bild.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "aktive Teile"),
    ],
)
def test_an_upload_that_is_not_what_it_says_is_refused(name: str, content: bytes, rule: str, enter: Enter) -> None:
    version = parts.draft()
    told = {**form_of(version), "act": "upload", "file": SimpleUploadedFile(name, content)}
    answer = enter("marketing").post(address("content-edit", version), told)
    assert (answer.status_code, rule in answer.content.decode()) == (422, True)


def test_an_upload_is_named_by_its_digest_and_kept_where_a_block_names_it(enter: Enter) -> None:
    version = parts.draft()
    client = enter("marketing")
    picture = b"\x89PNG\r\n\x1a\n" + bytes(64)
    told = {**form_of(version), "act": "upload", "file": SimpleUploadedFile("bild.png", picture)}
    page = client.post(address("content-edit", version), told).content.decode()
    (kept,) = [part.split('"')[0] for part in page.split('name="kept" value="')[1:]]
    name = kept.partition("=")[0]
    told = {
        **form_of(version),
        "kept": kept,
        "de-rows": "2",
        "de-1-kind": "figure",
        "de-1-asset": name,
        "de-1-alt": "Bild",
    }
    assert client.post(address("content-edit", version), told).status_code == 302
    assert list(parts.content(version).assets) == [name]
    answer = client.get(reverse("studio:content-file", kwargs={"version": version, "name": name}))
    assert b"".join(answer) == picture
    (settings.get().home / "files" / name).unlink()


def test_a_reviewer_opens_signs_with_her_password_and_releases_nothing_alone(enter: Enter) -> None:
    version, reviewer = parts.submitted(), cast.medical_reviewer()
    client = enter("medical_reviewer")
    assert "Das geht, sobald Sie alles oben geöffnet haben." in text_of(client, "review", version)
    for name in ("content-compare", "content-references", "content-smpc"):
        text_of(client, name, version)
    told = {"act": "approve", "role": "medical_reviewer", "base": parts.content(version).sha256, "declaration": "1"}
    wrong = client.post(address("review", version), {**told, "proof": "falsch"})
    assert (wrong.status_code, "Passwort oder Code stimmen nicht" in wrong.content.decode()) == (422, True)
    signed = client.post(address("review", version), {**told, "proof": cast.PASSWORD})
    assert signed.status_code == 302
    assert reviewer.name in text_of(client, "content-detail", version)
    assert parts.content(version).state == "draft"
    twice = client.post(address("review", version), {**told, "proof": cast.PASSWORD})
    assert twice.status_code == 409


def test_a_double_click_on_a_reason_sends_back_once(enter: Enter) -> None:
    version = parts.submitted()
    client, told = enter("medical_reviewer"), {"role": "medical_reviewer", "base": parts.content(version).sha256}
    empty = client.post(address("review", version), {**told, "act": "changes", "reason": ""})
    assert (empty.status_code, "Es fehlt der Grund" in empty.content.decode()) == (422, True)
    assert (
        client.post(address("review", version), {**told, "act": "changes", "reason": "Zahl fehlt"}).status_code == 302
    )
    assert (
        client.post(address("review", version), {**told, "act": "changes", "reason": "Zahl fehlt"}).status_code == 409
    )
    assert len(duties.waiting(cursor(), ["marketing"])) == 1


def test_a_comment_stands_beside_its_words_and_an_empty_one_is_told(enter: Enter) -> None:
    version = parts.submitted()
    client = enter("medical_reviewer")
    told = {"locale": "de", "path": "blocks[0]", "quote": "vor jeder", "text": "Quelle?"}
    assert client.post(address("comment", version), {**told, "text": ""}).status_code == 422
    client.post(address("comment", version), told)
    assert "<mark>vor jeder</mark>" in text_of(client, "review", version)
    (thread,) = comments.threads(cursor(), version)
    client.post(address("comment", version), {"parent": str(thread.id), "text": "Leitlinie"})
    settle = reverse("studio:comment-settle", kwargs={"version": version, "comment": thread.id})
    client.post(settle)
    assert comments.unresolved(cursor(), version) == 0
    client.post(settle, {"act": "reopen"})
    assert comments.unresolved(cursor(), version) == 1


def test_a_content_is_withdrawn_with_a_reason_and_its_signatures_stay_printable(enter: Enter) -> None:
    version, client = parts.released(), enter("information_officer")
    assert client.post(address("content-withdraw", version), {"reason": " "}).status_code == 422
    assert client.post(address("content-withdraw", version), {"reason": "Falsche Zahl"}).status_code == 302
    assert read.live(cursor(), ["velunor-alltag"], parts.NOW) == {}
    paper = client.get(address("content-signatures", version))
    assert paper.content.startswith(b"%PDF")
    assert "Falsche Zahl" in text_of(client, "content-detail", version)


def test_a_new_fachinformation_is_entered_once_and_the_second_is_told(enter: Enter) -> None:
    version = parts.released()
    client, officer = enter("information_officer"), address("smpc-new", version)
    told = {"body": "Fassung dreizehn", "valid_from": "2026-11-19", "base": "12", "safety_relevant": "on"}
    assert client.post(officer, {**told, "body": ""}).status_code == 422
    assert client.post(officer, told).status_code == 302
    assert parts.content(version).state == "withheld"
    assert "inzwischen" in client.post(officer, told).content.decode()
    confirm = client.post(address("content-confirm", version), {"reason": "Betrifft den Text nicht"})
    assert (confirm.status_code, parts.content(version).state) == (302, "frozen")


def test_the_mandatory_text_of_a_medicine_is_read_by_all_and_entered_by_the_information_officer(enter: Enter) -> None:
    version, officer = parts.released(), enter("information_officer")
    place = address("mandatory", version)
    text = officer.get(place).content.decode()
    assert "1 freigegebene" in text
    assert cast.FIELDS["side_effects"] in text
    told = {**cast.FIELDS, "side_effects": "Schwindel, sehr selten Husten.", "valid_from": "2026-11-25", "base": "12"}
    wrong = officer.post(place, {**told, "warnings": "n/a"})
    assert (wrong.status_code, "n/a: Grund" in wrong.content.decode()) == (422, True)
    assert "sehr selten Husten" in wrong.content.decode()
    assert officer.post(place, told).status_code == 302
    assert "gilt ab 25." in officer.get(place).content.decode()
    assert "inzwischen" in officer.post(place, told).content.decode()
    reader = enter("marketing")
    assert "Neue Fassung eintragen" not in reader.get(place).content.decode()
    assert reader.post(place, told).status_code == 403


@pytest.mark.parametrize("query", ["", "?art=nebeneinander"])
def test_a_comparison_shows_which_words_changed(query: str, enter: Enter) -> None:
    version, client = parts.released(), enter("marketing")
    answer = client.post(address("content-control", version), {"act": "renew"})
    draft = UUID(answer.headers["Location"].split("/")[-2])
    client.post(
        address("content-edit", draft), {**form_of(draft), "de-0-text": "Kalium nach jeder Umstellung bestimmen."}
    )
    text = text_of(client, "content-compare", draft, query)
    assert "<del>vor</del>" in text
    assert "<ins>nach</ins>" in text


def test_the_pages_speak_english(enter: Enter) -> None:
    version, client = parts.submitted(), enter("medical_reviewer")
    session = client.session
    session["locale"] = "en"
    session.save()
    for name, word in (
        ("content", "Contents"),
        ("review", "Open first"),
        ("tasks", "My tasks"),
        ("smpc", "Product information"),
    ):
        assert word in text_of(client, name, version)
