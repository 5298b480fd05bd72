from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from einklang.ui.components import (
    Bar,
    Check,
    Chip,
    Factor,
    Figure,
    Mandatory,
    Part,
    Quota,
    Reason,
    Reasons,
    Step,
    Steps,
    Story,
    TimelineEntry,
    Verdict,
    Wayout,
    Why,
)

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"


def html(template: str, **values: object) -> str:
    return Template("{% load ui %}" + template).render(Context(values))


def rendered(part: Part) -> str:
    with translation.override("de"):
        return html("{% component part %}", part=part)


EVERY_PART = [
    Bar(value=58),
    Why(sentence=HOSTILE, factors=[Factor(title=HOSTILE, share=58, detail=HOSTILE)], notes=[HOSTILE]),
    Reasons(items=[Reason(channel="portal", text=HOSTILE, source=HOSTILE, points="+28")]),
    Wayout(text=HOSTILE, href="/desk/", act=HOSTILE),
    Verdict(
        answer="no",
        sentence=HOSTILE,
        checks=[Check(outcome="fail", text=HOSTILE, rule="DE-CON-01", note=HOSTILE)],
        question=HOSTILE,
        wayout=Wayout(text=HOSTILE),
        proof=[(HOSTILE, HOSTILE)],
    ),
    Chip(kind="yes", icon="eye", label=HOSTILE, state=HOSTILE),
    Story(entries=[TimelineEntry(at=AT, channel="email", title=HOSTILE, detail=HOSTILE, lines=[HOSTILE])]),
    Figure(label=HOSTILE, value="742", of=HOSTILE),
    Steps(items=[Step(state="done", title=HOSTILE, detail=HOSTILE)]),
    Mandatory(title=HOSTILE, fields=[(HOSTILE, HOSTILE)], foot=HOSTILE),
    Quota(used=1, limit=2, text=HOSTILE),
]


@pytest.mark.parametrize("part", EVERY_PART, ids=lambda part: part.name)
def test_no_part_lets_markup_through_or_needs_a_style_attribute(part: Part) -> None:
    text = rendered(part)
    assert "<script>" not in text
    assert "style=" not in text
    assert text.strip()


def test_a_verdict_says_answer_reason_and_way_out_in_this_order() -> None:
    verdict = Verdict(
        answer="no",
        sentence="Nein. Für E-Mail liegt keine Einwilligung vor.",
        checks=[
            Check(outcome="fail", text="Einwilligung fehlt", rule="DE-CON-01"),
            Check(outcome="pass", text="Pflichtangaben liegen bei", rule="DE-HWG-04"),
        ],
        wayout=Wayout(text="Ein Ja wird daraus, sobald Dr. Kern zustimmt."),
    )
    text = rendered(verdict)
    places = [text.index(part) for part in ("Nein.", "DE-CON-01", "DE-HWG-04", "sobald Dr. Kern")]
    assert places == sorted(places)
    assert 'data-answer="no"' in text
    assert "hand-palm-fill" in text


def test_a_bar_is_as_wide_as_its_share_whatever_the_language() -> None:
    assert 'viewBox="0 0 318 6"' in rendered(Bar(value=52, total=318, tone="hold"))
    assert '<rect width="18.5"' in rendered(Bar(value=18.5))


def test_a_quota_shows_what_is_left() -> None:
    text = rendered(Quota(used=1, limit=2, text="Velunor 10 mg"))
    assert "<b>1 von 2</b>" in text
    assert (text.count('class="used"'), text.count('class="free"')) == (1, 1)


def test_texts_follow_the_language_and_values_are_escaped() -> None:
    template = '{% t "Guten Tag, {name} &shy;" "Good day, {name}" name=name %}'
    with translation.override("de"):
        assert html(template, name="<b>") == "Guten Tag, &lt;b&gt; &shy;"
    with translation.override("en"):
        assert html(template, name="Dr Kern") == "Good day, Dr Kern"
    assert html("{% t de de %}", de="<b>{x}") == "&lt;b&gt;{x}"
