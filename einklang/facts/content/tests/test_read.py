from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.content import read, sign
from einklang.facts.content.models import ContentVersion
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW
DAY = timedelta(days=1)


def live(slug: str, at: object = NOW) -> int | None:
    found = read.live(cursor(), [slug, "unknown"], at)  # type: ignore[arg-type]
    return found[slug].version if slug in found else None


def successor(slug: str) -> ContentVersion:
    """Version 2, valid from tomorrow on."""
    first = ContentVersion.objects.get(slug=slug)
    second = ContentVersion.objects.create(
        slug=slug,
        version=2,
        kind=first.kind,
        body=first.body,
        promotional=False,
        rx=False,
        audience="fachkreis",
        valid_from=NOW + DAY,
    )
    signers = {role: cast.staff(role).id for role in sign.ORDER}
    sign.release(cursor(), version=second.id, signers=signers, now=NOW)
    return second


def test_a_frozen_version_lives_within_its_time() -> None:
    article = cast.article()
    sign.limit(cursor(), article.id, NOW + DAY)
    assert live(article.slug) == 1
    assert live(article.slug, NOW + DAY) is None
    assert live(article.slug, article.valid_from - DAY) is None


def test_a_draft_and_a_withdrawn_version_are_not_live() -> None:
    article = cast.article()
    draft = ContentVersion.objects.create(
        slug="entwurf",
        kind="article",
        body=article.body,
        promotional=False,
        rx=False,
        audience="public",
        valid_from=NOW - DAY,
    )
    assert live("entwurf") is None
    assert read.versions(cursor(), [draft.id])[draft.id].state == "draft"
    sign.withdraw(cursor(), article.id)
    assert live(article.slug) is None


def test_the_newest_valid_version_is_live() -> None:
    article = cast.article()
    successor(article.slug)
    assert live(article.slug) == 1
    assert live(article.slug, NOW + DAY) == 2


def test_the_listing_has_one_version_of_each_by_kind_and_market() -> None:
    article, study = cast.article(), cast.product_article()
    successor(article.slug)
    cast.mail()
    listed = read.listing(cursor(), now=NOW + DAY, kinds=["article", "study"])
    assert [(each.slug, each.version) for each in listed] == [(article.slug, 2), (study.slug, 1)]
    assert read.listing(cursor(), now=NOW, market="AT") == []
    own = [each for each in read.listing(cursor(), now=NOW) if each.version]
    assert sorted(each.kind for each in own) == ["article", "mail", "study"]


def test_a_version_speaks_german_where_there_is_no_english() -> None:
    article, mail = cast.article(), cast.mail()
    found = read.versions(cursor(), [article.id, mail.id, ids.new()])
    assert found[article.id].title("en") == "Heart failure: what changes in practice"
    assert found[mail.id].title("en") == "Vertiefung Herzinsuffizienz"
    assert found[mail.id].text("en") is found[mail.id].body["de"]


def test_a_promotional_version_knows_product_and_mandatory_text() -> None:
    study = cast.product_article()
    found = read.versions(cursor(), [study.id])[study.id]
    assert (found.authorisation, found.mandatory_text) == (cast.velunor().id, study.mandatory_text_id)
    assert (found.rx, found.audience, found.topics, found.smpc_version) == (True, "rx", [cast.TOPIC], 12)
    assert found.valid(NOW)
    assert not found.valid(found.valid_from - DAY)
