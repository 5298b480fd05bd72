from __future__ import annotations

from typing import Any

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError, NotAllowed
from einklang.facts.audit import trail
from einklang.facts.content import sign
from einklang.facts.people.models import User
from einklang.services.approval import acts, comments, duties, evidence
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.django_db
NOW = parts.NOW


def waiting(role: str) -> list[str]:
    return [task.kind for task in duties.waiting(cursor(), [role])]


def changed(version: Any, text: str = "Etwas ganz anderes.") -> None:
    body = {"de": {**parts.BODY["de"], "blocks": [{"type": "p", "text": text}]}}
    base = parts.content(version).sha256
    acts.save(cursor(), version, parts.fields(body=body), base=base, user=parts.author().id, now=NOW)


def test_an_article_goes_from_hand_to_hand_and_the_last_signature_releases_it() -> None:
    version = parts.submitted()
    for role, user in parts.reviewers().items():
        assert waiting(role) == ["review"]
        assert parts.approves(version, user, role) is (role == "information_officer")
        assert waiting(role) == []
    assert (parts.content(version).state, parts.content(version).review) == ("frozen", "")


def test_medical_and_legal_review_slides_side_by_side() -> None:
    body = {"de": {"title": "Folien", "slides": [{"title": "Eins", "blocks": []}]}}
    version = parts.draft("slides", body=body)
    acts.submit(cursor(), version, base=parts.content(version).sha256, user=parts.author().id, now=NOW)
    assert (waiting("medical_reviewer"), waiting("legal_reviewer"), waiting("information_officer")) == (
        ["review"], ["review"], [],
    )  # fmt: skip
    parts.approves(version, cast.legal_reviewer(), "legal_reviewer")
    parts.approves(version, cast.medical_reviewer(), "medical_reviewer")
    assert waiting("information_officer") == ["review"]


def test_GXP_03_a_change_voids_the_signatures_and_asks_anew() -> None:
    version = parts.submitted()
    parts.approves(version, cast.medical_reviewer(), "medical_reviewer")
    changed(version)
    (signature,) = sign.signatures(cursor(), [version])[version]
    assert not signature.valid(parts.content(version))
    assert (waiting("medical_reviewer"), parts.content(version).review) == (["review"], "in_review")
    with pytest.raises(Conflict):
        parts.approves(version, cast.legal_reviewer(), "legal_reviewer")


@pytest.mark.parametrize("missing", ["difference", "references", "smpc"])
def test_nobody_signs_what_he_has_not_opened(missing: str) -> None:
    version, reviewer = parts.submitted(), cast.medical_reviewer()
    content = parts.content(version)
    for what in evidence.names(cursor(), content, NOW):
        if what != missing:
            evidence.opened(cursor(), content, what, reviewer.id, NOW)
    evidence.declare(cursor(), reviewer.id, "", NOW)
    with pytest.raises(InputError, match="opened"):
        approve(version, reviewer)


def test_what_was_opened_before_a_change_has_to_be_opened_again() -> None:
    version, reviewer = parts.submitted(), cast.medical_reviewer()
    parts.opens(version, reviewer)
    changed(version)
    assert set(evidence.seen(cursor(), parts.content(version), reviewer.id, NOW).values()) == {None}


def test_GXP_05_the_declaration_comes_before_the_first_signature() -> None:
    version, reviewer = parts.submitted(), cast.medical_reviewer()
    for what in evidence.names(cursor(), parts.content(version), NOW):
        evidence.opened(cursor(), parts.content(version), what, reviewer.id, NOW)
    with pytest.raises(InputError, match="declaration"):
        approve(version, reviewer)


def test_who_has_written_the_text_does_not_sign_it() -> None:
    writer = parts.author()
    User.objects.filter(id=writer.id).update(roles=["marketing", "medical_reviewer"])
    version = parts.submitted()
    with pytest.raises(NotAllowed):
        parts.approves(version, writer, "medical_reviewer")


def test_one_person_does_not_sign_in_two_roles() -> None:
    version, both = parts.submitted(), cast.medical_reviewer()
    User.objects.filter(id=both.id).update(roles=["medical_reviewer", "legal_reviewer"])
    parts.approves(version, both, "medical_reviewer")
    with pytest.raises(Conflict):
        parts.approves(version, both, "legal_reviewer")


def test_a_text_that_changed_while_one_read_is_not_signed() -> None:
    version, reviewer = parts.submitted(), cast.medical_reviewer()
    before = parts.content(version).sha256
    changed(version)
    parts.opens(version, reviewer)
    with pytest.raises(Conflict):
        acts.approve(
            cursor(), version, role="medical_reviewer", base=before, user=reviewer.id, method="password", now=NOW
        )


def test_an_open_comment_holds_the_release_up() -> None:
    version = parts.submitted()
    reviewers = parts.reviewers()
    officer = reviewers.pop("information_officer")
    for role, user in reviewers.items():
        parts.approves(version, user, role)
    comment = comments.add(
        cursor(), parts.content(version), locale="de", path="blocks[0]", quote="vor jeder", text="Wirklich jeder?",
        user=officer.id, now=NOW,
    )  # fmt: skip
    with pytest.raises(InputError, match="comments"):
        parts.approves(version, officer, "information_officer")
    comments.resolve(cursor(), version, comment, user=officer.id, now=NOW)
    assert parts.approves(version, officer, "information_officer")


@pytest.mark.parametrize(("reject", "review"), [(False, "changes_requested"), (True, "rejected")])
def test_a_reviewer_sends_back_with_a_reason(reject: bool, review: str) -> None:
    version, reviewer = parts.submitted(), cast.medical_reviewer()
    base = parts.content(version).sha256
    told: dict[str, Any] = {"role": "medical_reviewer", "base": base, "user": reviewer.id, "reject": reject, "now": NOW}
    with pytest.raises(InputError, match="reason"):
        acts.send_back(cursor(), version, reason=" ", **told)
    acts.send_back(cursor(), version, reason="Die Zahl fehlt.", **told)
    assert parts.content(version).review == review
    assert (waiting("medical_reviewer"), waiting("marketing")) == ([], ["changes"])
    (entry, *_) = trail.listing(cursor(), limit=1, object=f"content:{version}")
    assert (entry.who, entry.reason) == (reviewer.id, "Die Zahl fehlt.")


def test_who_is_not_at_turn_sends_nothing_back() -> None:
    version = parts.submitted()
    with pytest.raises(NotAllowed):
        acts.send_back(
            cursor(), version, role="legal_reviewer", base=parts.content(version).sha256,
            user=cast.legal_reviewer().id, reason="Nein", reject=False, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": None}, "valid_to"),
        ({"smpc_version": 1}, "smpc_version"),
        ({"indications": ["halsschmerz"]}, "indications"),
        ({"audience": "public"}, "audience"),
        ({"mandatory_text": None}, "mandatory_text"),
        ({"body": {"de": {**parts.BODY["de"], "references": ["nur eine Zeile"]}}}, "body.de.claims[0]"),
        (
            {"body": {"de": {**parts.BODY["de"], "blocks": [{"type": "quote", "text": "Wort", "source": "Buch"}]}}},
            "body.de.blocks[0].checked_by",
        ),
    ],
)
def test_what_breaks_a_rule_is_not_laid_before_the_reviewers(changes: dict[str, Any], field: str) -> None:
    version = parts.draft(**changes)
    with pytest.raises(acts.NotReady) as refused:
        acts.submit(cursor(), version, base=parts.content(version).sha256, user=parts.author().id, now=NOW)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_the_second_of_two_writers_is_told_and_nothing_is_overwritten() -> None:
    version = parts.draft()
    before = parts.content(version).sha256
    changed(version, "Zuerst gespeichert")
    with pytest.raises(Conflict):
        acts.save(
            cursor(), version, parts.fields(topics=["anderes"]), base=before, user=cast.administrator().id, now=NOW
        )
    assert parts.content(version).body["de"]["blocks"][0]["text"] == "Zuerst gespeichert"


def test_GXP_01_another_end_of_validity_is_written_down_and_voids_nothing() -> None:
    version = parts.submitted()
    parts.approves(version, cast.medical_reviewer(), "medical_reviewer")
    base, sooner = parts.content(version).sha256, NOW + cast.YEAR / 2
    acts.save(cursor(), version, parts.fields(valid_to=sooner), base=base, user=parts.author().id, now=NOW)
    (signature,) = sign.signatures(cursor(), [version])[version]
    assert signature.valid(parts.content(version))
    (entry,) = trail.listing(cursor(), limit=1, object=f"content:{version}")
    assert (entry.act, entry.field, entry.new) == ("content.change", "valid_to", str(sooner))


def approve(version: Any, user: User, role: str = "medical_reviewer") -> bool:
    base = parts.content(version).sha256
    return acts.approve(cursor(), version, role=role, base=base, user=user.id, method="password", now=NOW)
