from __future__ import annotations

import pytest

from einklang.loop.gate import notes


@pytest.mark.parametrize(
    ("detail", "de", "en"),
    [
        (notes.BY_HAND, "Von Hand", "By hand"),
        (notes.note(notes.GAVE_UP, 8, "451 4.3.0 Later|or so"), "Nach 8 Versuchen aufgegeben. 451 4.3.0 Later|or so",
         "Given up after 8 attempts. 451 4.3.0 Later|or so"),
        (notes.note(notes.REPEAT, notes.FOUND), "Wiederholung. Nach einem Absturz im Postausgang gefunden",
         "Repeat. Found in the outbox after a crash"),
        ("DE-CON-01, DE-CON-07", "DE-CON-01, DE-CON-07", "DE-CON-01, DE-CON-07"),
        ("550 5.1.1 User unknown: x", "550 5.1.1 User unknown: x", "550 5.1.1 User unknown: x"),
        ("gave_up", "Nach  Versuchen aufgegeben.", "Given up after  attempts."),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_note_is_a_sentence_in_both_languages_and_what_nobody_knows_stays_as_it_is(
    detail: str, de: str, en: str
) -> None:
    assert (notes.say(detail, "de"), notes.say(detail, "en")) == (de, en)
