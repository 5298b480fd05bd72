from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError, NotAllowed, NotFound
from einklang.facts.content import read, sign
from einklang.facts.content.models import ContentVersion, Signature
from einklang.facts.people.models import User
from einklang.facts.products.models import MandatoryText
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW
BODY = {"de": {"title": "Titel", "lede": "Vorspann", "blocks": []}}


def draft(**changes: Any) -> ContentVersion:
    fields = {"promotional": False, "rx": False, "audience": "fachkreis", "valid_from": NOW, "body": BODY}
    return ContentVersion.objects.create(slug="beitrag", kind="article", **{**fields, **changes})


def signed_by(version: UUID, user: User, role: str) -> UUID:
    return sign.sign(
        cursor(), version=version, user=user.id, role=role, name=user.name, meaning=sign.MEANINGS[role], now=NOW
    )


def medical(version: UUID) -> UUID:
    return signed_by(version, cast.medical_reviewer(), "medical_reviewer")


def legal(version: UUID) -> UUID:
    return signed_by(version, cast.legal_reviewer(), "legal_reviewer")


def officer(version: UUID) -> UUID:
    return signed_by(version, cast.information_officer(), "information_officer")


def state(version: UUID) -> str:
    return read.versions(cursor(), [version])[version].state


def test_DE_INF_01_the_third_signature_freezes() -> None:
    version = draft().id
    for put in (medical, legal):
        put(version)
        assert state(version) == "draft"
    officer(version)
    frozen = read.versions(cursor(), [version])[version]
    assert (frozen.state, frozen.frozen_at) == ("frozen", NOW)
    signatures = Signature.objects.filter(version=version).order_by("at", "id")
    assert [each.role for each in signatures] == list(sign.ORDER)
    assert {each.sha256 for each in signatures} == {frozen.sha256}
    assert signatures[2].name == cast.information_officer().name
    assert signatures[2].meaning == "Freigegeben nach § 74a AMG"


@pytest.mark.parametrize("put", [legal, officer])
def test_nobody_signs_before_it_is_his_turn(put: Any) -> None:
    with pytest.raises(Conflict):
        put(draft().id)


def test_the_information_officer_waits_for_the_law() -> None:
    version = draft().id
    medical(version)
    with pytest.raises(Conflict):
        officer(version)


def test_nobody_signs_twice_for_the_same_text() -> None:
    version = draft().id
    medical(version)
    with pytest.raises(Conflict):
        medical(version)


def test_who_lacks_the_role_does_not_sign() -> None:
    version = draft().id
    for user, role in (
        (cast.auditor(), "medical_reviewer"),
        (cast.legal_reviewer(), "medical_reviewer"),
        (cast.auditor(), "auditor"),
    ):
        with pytest.raises(NotAllowed):
            sign.sign(cursor(), version=version, user=user.id, role=role, name=user.name, meaning="", now=NOW)


def test_who_has_left_the_company_does_not_sign() -> None:
    reviewer = cast.medical_reviewer()
    User.objects.filter(id=reviewer.id).update(is_active=False)
    with pytest.raises(NotAllowed):
        signed_by(draft().id, reviewer, "medical_reviewer")


def test_a_change_before_the_third_signature_voids_the_others() -> None:
    content = draft()
    medical(content.id)
    legal(content.id)
    content.body = {"de": {**BODY["de"], "lede": "Etwas anderes"}}
    content.save()
    with pytest.raises(Conflict):
        officer(content.id)
    for put in (medical, legal, officer):
        put(content.id)
    assert state(content.id) == "frozen"


@pytest.mark.parametrize(
    "change", [{"body": {}}, {"rx": True}, {"audience": "public"}, {"sha256": ""}, {"slug": "x"}, {"state": "draft"}]
)
def test_what_is_frozen_does_not_change(change: dict[str, Any]) -> None:
    version = cast.article().id
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        ContentVersion.objects.filter(id=version).update(**change)


def test_what_is_frozen_can_end_and_be_withdrawn() -> None:
    version = cast.article().id
    sign.limit(cursor(), version, NOW + timedelta(days=1))
    assert read.versions(cursor(), [version])[version].valid_to == NOW + timedelta(days=1)
    sign.withdraw(cursor(), version)
    assert state(version) == "withdrawn"
    with pytest.raises(Conflict):
        sign.withdraw(cursor(), version)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        ContentVersion.objects.filter(id=version).update(state="frozen")


def test_what_is_frozen_or_signed_stays() -> None:
    version = cast.article().id
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        Signature.objects.filter(version=version).delete()
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        Signature.objects.filter(version=version).update(name="Somebody else")
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        ContentVersion.objects.filter(id=version)._raw_delete("default")


def test_nothing_is_frozen_past_the_signatures() -> None:
    with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
        draft(state="frozen")
    content = draft()
    medical(content.id)
    with pytest.raises(IntegrityError, match="lacks signatures"), transaction.atomic():
        ContentVersion.objects.filter(id=content.id).update(state="frozen")


def test_signatures_for_another_text_do_not_freeze() -> None:
    content = draft()
    for put in (medical, legal):
        put(content.id)
    content.rx = True
    content.save()
    Signature.objects.create(
        version=content,
        role="information_officer",
        user=cast.information_officer(),
        name="x",
        meaning="x",
        at=NOW,
        sha256=content.sha256,
    )
    with pytest.raises(IntegrityError, match="lacks signatures"), transaction.atomic():
        ContentVersion.objects.filter(id=content.id).update(state="frozen")


def test_DE_HWG_04_promotion_without_mandatory_text_is_not_signed() -> None:
    product = cast.velunor()
    content = draft(promotional=True, authorisation=product)
    with pytest.raises(InputError, match="DE-HWG-04"):
        medical(content.id)


def test_DE_HWG_04_an_old_mandatory_text_is_not_signed() -> None:
    product = cast.velunor()
    old = MandatoryText.objects.get(authorisation=product)
    MandatoryText.objects.create(authorisation=product, version=13, valid_from=NOW, fields=cast.FIELDS)
    content = draft(promotional=True, authorisation=product, mandatory_text=old)
    with pytest.raises(InputError, match="DE-HWG-04"):
        medical(content.id)


def test_DE_CON_10_a_system_mail_that_advertises_is_not_signed() -> None:
    body = {"de": {"subject": "Bitte bestätigen", "paragraphs": ["Und kaufen Sie."]}}
    content = ContentVersion.objects.create(
        slug="opt-in", kind="system_mail", promotional=True, rx=False, audience="public", valid_from=NOW, body=body
    )
    with pytest.raises(InputError, match="DE-CON-10"):
        medical(content.id)


def test_a_version_that_is_not_there_is_not_signed() -> None:
    with pytest.raises(NotFound):
        medical(ids.new())


def test_a_recall_does_not_bring_the_version_before_back() -> None:
    signers = {"medical_reviewer": cast.medical_reviewer(), "legal_reviewer": cast.legal_reviewer()}
    signers["information_officer"] = cast.information_officer()
    by = {role: user.id for role, user in signers.items()}
    first, second = draft(), draft(version=2)
    for version in (first, second):
        sign.release(cursor(), version=version.id, signers=by, now=NOW)
    assert read.live(cursor(), ["beitrag"], NOW)["beitrag"].version == 2
    sign.withdraw(cursor(), second.id)
    assert read.live(cursor(), ["beitrag"], NOW) == {}
