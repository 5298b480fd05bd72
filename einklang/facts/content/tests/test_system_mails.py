from __future__ import annotations

from dataclasses import asdict

import pytest
from django.db import IntegrityError, transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import NotAllowed
from einklang.facts.content import blocks, digest, read, sign
from einklang.facts.content.migrations._system_mails import SYSTEM_MAILS
from einklang.facts.content.models import PRODUCT, ContentVersion, Signature
from einklang.facts.content.read import Version
from tests import cast

pytestmark = pytest.mark.django_db
BODY = {"de": {"subject": "Von uns selbst", "paragraphs": ["{confirm_url}"]}}


def live(slug: str) -> Version:
    return read.live(cursor(), [slug], cast.NOW)[slug]


def drafted(kind: str, *, version: int, promotional: bool = False) -> ContentVersion:
    fields = {"rx": False, "audience": "public", "body": BODY, "valid_from": cast.NOW}
    return ContentVersion.objects.create(slug="entwurf", version=version, kind=kind, promotional=promotional, **fields)


def product_signs(version: ContentVersion) -> Signature:
    return Signature.objects.create(
        version=version, role=PRODUCT, name="", meaning="", at=cast.NOW, sha256=version.sha256
    )


@pytest.mark.parametrize("slug", list(SYSTEM_MAILS))
def test_DE_CON_10_a_new_installation_has_system_mails_without_advertising(slug: str) -> None:
    mail = live(slug)
    assert (mail.version, mail.kind, mail.promotional, mail.authorisation) == (0, "system_mail", False, None)
    assert set(mail.body) == {"de", "en"}
    blocks.check(mail.kind, mail.body)


@pytest.mark.parametrize("slug", list(SYSTEM_MAILS))
def test_the_products_signature_stands_for_the_very_text(slug: str) -> None:
    mail = live(slug)
    signature = Signature.objects.get(version=mail.id)
    assert (signature.role, signature.user, signature.name) == ("product", None, "Einklang")
    assert signature.sha256 == mail.sha256 == digest.sha256(asdict(mail))


def test_what_a_company_releases_takes_the_place_of_the_shipped_mail() -> None:
    own = cast.frozen("opt-in", "system_mail", BODY)
    assert live("opt-in").id == own.id
    sign.withdraw(cursor(), own.id)
    assert live("opt-in").version == 0


def test_DE_INF_01_nobody_signs_as_the_product() -> None:
    draft = ContentVersion.objects.create(
        slug="beitrag",
        kind="system_mail",
        promotional=False,
        rx=False,
        audience="public",
        body=BODY,
        valid_from=cast.NOW,
    )
    with pytest.raises(NotAllowed):
        sign.sign(
            cursor(),
            version=draft.id,
            user=cast.staff("administrator").id,
            role="product",
            name="",
            meaning="",
            now=cast.NOW,
        )
    with pytest.raises(IntegrityError, match="signs only"), transaction.atomic():
        product_signs(draft)


def test_DE_INF_01_the_product_signs_no_advertising() -> None:
    draft = drafted("mail", version=0, promotional=True)
    with pytest.raises(IntegrityError, match="signs only"), transaction.atomic():
        product_signs(draft)


def test_a_signature_without_a_name_behind_it_is_refused() -> None:
    draft = ContentVersion.objects.create(
        slug="beitrag",
        kind="system_mail",
        promotional=False,
        rx=False,
        audience="public",
        body=BODY,
        valid_from=cast.NOW,
    )
    with pytest.raises(IntegrityError, match="signature_by_somebody"), transaction.atomic():
        Signature.objects.create(
            id=ids.new(), version=draft, role="medical_reviewer", name="", meaning="", at=cast.NOW, sha256=draft.sha256
        )
