from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from einklang.facts.content import compare, passages
from einklang.facts.content.passages import Passage

TEXT = st.text(alphabet="ab .\n", max_size=30)
PASSAGES = st.lists(
    st.builds(Passage, st.sampled_from(["title", "blocks[0]", "blocks[1]"]), st.sampled_from(["p", "h"]), TEXT),
    max_size=6,
)


def paragraphs(*texts: str) -> list[Passage]:
    return passages.of({"blocks": [{"type": "p", "text": text} for text in texts]}, "de")


def test_a_changed_word_is_told_within_its_passage() -> None:
    (row,) = compare.passages(
        paragraphs("Kalium vor jeder Umstellung bestimmen."), paragraphs("Kalium nach jeder Umstellung bestimmen.")
    )
    assert row.change == "changed"
    assert [piece.text for piece in row.before if piece.change == "removed"] == ["vor"]
    assert [piece.text for piece in row.after if piece.change == "added"] == ["nach"]
    assert "".join(piece.text for piece in row.inline) == "Kalium vornach jeder Umstellung bestimmen."


def test_a_new_passage_between_old_ones_leaves_them_alone() -> None:
    rows = compare.passages(paragraphs("Erstens", "Drittens"), paragraphs("Erstens", "Zweitens ganz neu", "Drittens"))
    assert [row.change for row in rows] == ["same", "added", "same"]


def test_what_has_nothing_in_common_is_gone_and_new() -> None:
    rows = compare.passages(paragraphs("Wasser und Brot"), paragraphs("etwas völlig anderes hier"))
    assert [row.change for row in rows] == ["removed", "added"]


@given(PASSAGES, PASSAGES)
def test_nothing_of_either_text_is_lost(old: list[Passage], new: list[Passage]) -> None:
    rows = compare.passages(old, new)
    assert [row.old for row in rows if row.old] == old
    assert [row.new for row in rows if row.new] == new


@given(TEXT, TEXT)
def test_the_pieces_put_together_are_the_texts(before: str, after: str) -> None:
    old, new = compare.words(before, after)
    assert ("".join(piece.text for piece in old), "".join(piece.text for piece in new)) == (before, after)


@given(TEXT, TEXT)
def test_the_line_of_reading_holds_both_texts(before: str, after: str) -> None:
    row = compare.Row("changed", None, None, *compare.words(before, after))
    assert "".join(piece.text for piece in row.inline if piece.change != "added") == before
    assert "".join(piece.text for piece in row.inline if piece.change != "removed") == after
