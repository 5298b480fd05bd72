from __future__ import annotations

from dataclasses import replace

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import InputError, NotFound
from einklang.services.approval import comments
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.django_db
NOW = parts.NOW


def test_a_comment_stands_at_words_of_a_passage_and_has_replies() -> None:
    version = parts.submitted()
    content, reviewer = parts.content(version), cast.medical_reviewer()
    comment = comments.add(
        cursor(), content, locale="de", path="blocks[0]", quote="vor jeder", text="Quelle?", user=reviewer.id, now=NOW
    )
    comments.reply(cursor(), comment, text="Leitlinie 2026", user=parts.author().id, now=NOW)
    (thread,) = comments.threads(cursor(), version)
    assert ([reply.text for reply in thread.replies], comments.stands(thread, content)) == (["Leitlinie 2026"], True)
    other = {"de": {**parts.BODY["de"], "blocks": [{"type": "p", "text": "Neu geschrieben"}]}}
    assert not comments.stands(thread, replace(content, body=other))


@pytest.mark.parametrize(
    ("path", "quote", "text", "field"),
    [
        ("blocks[0]", "", " ", "text"),
        ("blocks[0]", "", "x" * 4001, "text"),
        ("blocks[9]", "", "Wo?", "path"),
        ("blocks[0]", "steht hier nicht", "Wie?", "quote"),
    ],
)
def test_a_comment_without_text_or_place_is_refused(path: str, quote: str, text: str, field: str) -> None:
    version = parts.submitted()
    with pytest.raises(InputError, match=field):
        comments.add(
            cursor(), parts.content(version), locale="de", path=path, quote=quote, text=text,
            user=cast.medical_reviewer().id, now=NOW,
        )  # fmt: skip


def test_a_comment_is_settled_once_and_can_be_opened_again() -> None:
    version, reviewer = parts.submitted(), cast.medical_reviewer()
    comment = comments.add(
        cursor(), parts.content(version), locale="de", path="title", quote="", text="Kürzer", user=reviewer.id, now=NOW
    )
    assert comments.resolve(cursor(), version, comment, user=reviewer.id, now=NOW)
    assert not comments.resolve(cursor(), version, comment, user=reviewer.id, now=NOW)
    assert comments.reopen(cursor(), version, comment)
    assert comments.unresolved(cursor(), version) == 1


def test_nobody_replies_to_what_is_not_there() -> None:
    with pytest.raises(NotFound):
        comments.reply(cursor(), cast.velunor().id, text="Hallo", user=cast.medical_reviewer().id, now=NOW)
