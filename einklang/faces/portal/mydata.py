""" "Meine Daten": what is stored, what the rep sees, who looked; a copy, a correction, an erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.core import ids, tokens
from einklang.core.connection import cursor
from einklang.core.erasure import ERASED, RESTRICTED, Outcome
from einklang.core.errors import BadToken, Conflict, InputError, NotFound
from einklang.core.words import Words, speak
from einklang.faces.portal.access import reader_view
from einklang.faces.portal.mydata_form import CorrectionForm, ErasureForm
from einklang.faces.portal.permissions import GRADES
from einklang.faces.portal.reader import Reader
from einklang.facts.people.correct import seen
from einklang.loop.decide.told import Line
from einklang.services.privacy import cases, classes, copy, paper, rights
from einklang.services.privacy.cases import Case
from einklang.services.privacy.classes import RecordClass
from einklang.ui import locale, numbers
from einklang.ui.access import open_to_all
from einklang.ui.components import Story, TimelineEntry
from einklang.ui.text import t

TOLD = "erasure"  # the purpose that the link to the outcome is signed for
SHOWN_LINES, SHOWN_LOOKS = 12, 20
NO_LONGER = Words("Diese Adresse ist unbekannt.", "This address is unknown.")
WORDS = {
    ERASED: (Words("gelöscht", "erased"), "ok", "trash"),
    RESTRICTED: (Words("gesperrt aufbewahrt bis {}", "kept locked until {}"), "warn", "lock-simple"),
}
KEPT_WORDS = (Words("gesperrt aufbewahrt", "kept locked"), "warn", "lock-simple")
CASES = {
    "open": (Words("in Arbeit", "in progress"), "warn", "hourglass-medium"),
    "done": (Words("erledigt", "done"), "ok", "check"),
    "refused": (Words("abgelehnt", "refused"), "hold", "hand-palm"),
    "taken_back": (Words("zurückgenommen", "taken back"), "", "arrow-left"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became, or would become, of one class."""

    known: RecordClass
    word: str
    mark: str
    icon: str
    number: int
    rule: str


@require_safe
@never_cache
@reader_view(noticed=False)
def overview(request: HttpRequest, reader: Reader) -> HttpResponse:
    kept = copy.kept(reader.cur, reader.card.id)
    asked = cases.of_person(reader.cur, reader.card.id)
    looked = next(each.records for each in kept if each.record_class.name == "disclosures")
    context = {
        "reader": reader,
        "kept": kept,
        "reps": [_rep(each) for each in copy.seen_by_reps(reader.cur, reader.card.id, reader.now, SHOWN_LINES)],
        "looks": [_look(each) for each in reversed(looked[-SHOWN_LOOKS:])],
        "cases": [_case(each) for each in asked],
        "open_kinds": {each.kind for each in asked if each.open},
        "logic": [speak(each, locale.current()) for each in copy.LOGIC],
    }
    return render(request, "portal/mydata.html", context)


@require_POST
@never_cache
@reader_view(noticed=False)
def download(request: HttpRequest, reader: Reader) -> HttpResponse:
    """A copy to take along; that it was handed out is written down."""
    form = request.POST.get("form")
    if form not in ("pdf", "json"):
        raise Http404
    document = copy.document(reader.cur, reader.card.id, reader.now, locale.current())
    with transaction.atomic():
        rights.exported(reader.cur, person=reader.card.id, by=reader.user.id, form=form, now=reader.now)
    name = f"{t('meine-daten', 'my-data')}-{reader.now:%Y-%m-%d}.{form}"
    content = paper.copy(document) if form == "pdf" else orjson.dumps(document, option=orjson.OPT_INDENT_2)
    answer = HttpResponse(content, content_type=f"application/{form}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reader_view(noticed=False)
def correct(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = CorrectionForm(reader.card, request.POST or None, initial={"token": ids.new(), "seen": seen(reader.card)})
    if request.method == "POST" and form.is_valid() and _asked(reader, form, "correction", form.wishes()):
        messages.success(
            request,
            t(
                "Ihr Antrag ist da. Wir antworten innerhalb eines Monats, meist viel früher.",
                "Your request has arrived. We answer within a month, mostly much sooner.",
            ),
        )
        return redirect("portal:mydata")
    return render(request, "portal/mydata_correct.html", {"reader": reader, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reader_view(noticed=False)
def erase(request: HttpRequest, reader: Reader) -> HttpResponse:
    """First what would happen, class by class, then the request."""
    form = ErasureForm(request.POST or None, initial={"token": ids.new()})
    if request.method == "POST" and form.is_valid() and (case := _asked(reader, form, "erasure", {})):
        return render(request, "portal/mydata_asked.html", {"reader": reader, "case": _case(case), "link": _link(case)})
    try:
        rows = [_row(each) for each in rights.rehearse(reader.cur, person=reader.card.id, now=reader.now)]
    except Conflict as error:
        messages.warning(request, speak(error.args[0], locale.current()))
        return redirect("portal:mydata")
    return render(request, "portal/mydata_erase.html", {"reader": reader, "form": form, **_fates(rows)})


@require_POST
@reader_view(noticed=False)
def take_back(request: HttpRequest, reader: Reader, case: UUID) -> HttpResponse:
    try:
        with transaction.atomic():
            cases.take_back(reader.cur, case=case, person=reader.card.id, now=reader.now)
    except NotFound as error:
        raise Http404 from error
    except Conflict:
        messages.warning(request, t("Der Antrag ist schon beantwortet.", "The request has been answered already."))
    else:
        messages.success(request, t("Der Antrag ist zurückgenommen.", "The request is taken back."))
    return redirect("portal:mydata")


@open_to_all
@require_safe
@never_cache
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """What became of an erasure, for her who has no login any more: classes and rules, nobody's name."""
    try:
        case = cases.get(cursor(), UUID(tokens.read(TOLD, token, now=None)["case"]))
    except (BadToken, NotFound, KeyError, ValueError) as error:
        raise Http404(str(NO_LONGER)) from error
    rows = [_stored(each) for each in case.outcomes]
    return render(request, "portal/mydata_outcome.html", {"case": _case(case), **_fates(rows)})


def _asked(reader: Reader, form: Any, kind: cases.Kind, wishes: Mapping[str, str]) -> Case | None:
    """None where the form has to be shown again, with what is wrong."""
    try:
        with transaction.atomic():
            case = cases.ask(
                reader.cur,
                person=reader.card.id,
                kind=kind,
                wishes=wishes,
                message=form.cleaned_data["message"],
                token=str(form.cleaned_data["token"]),
                now=reader.now,
            )
    except InputError as error:
        form.refuse(error)
        return None
    except Conflict as error:
        form.add_error(None, speak(error.args[0], locale.current()))
        return None
    return cases.get(reader.cur, case)


def _rep(each: copy.Seen) -> dict[str, Any]:
    language = locale.current()
    grade = GRADES.get(each.insight.grade or "")
    return {
        "name": each.rep.name,
        "grade": grade.in_(language) if grade else "",
        "interests": [
            (one.topic.in_(language), one.month, one.strength.in_(language), one.share) for one in each.interests
        ],
        "story": Story(entries=[_entry(one) for one in each.lines], with_year=True) if each.lines else None,
    }


def _entry(line: Line) -> TimelineEntry:
    language = locale.current()
    note = line.note.in_(language)
    return TimelineEntry(
        at=line.at,
        channel=line.channel,
        title=line.title.in_(language),
        detail=line.detail.in_(language),
        monthly=line.monthly,
        lines=[note] if note else [],
    )


def _look(each: Mapping[str, Any]) -> dict[str, Any]:
    grade = GRADES.get(each["grade"] or "")
    return {
        "rep": each["rep"] or t("Ehemaliger Außendienst", "A former rep"),
        "day": date.fromisoformat(each["day"]),
        "saw": grade.in_(locale.current()) if each["answer"] == "yes" and grade else "",
    }


def _case(case: Case) -> dict[str, Any]:
    words, mark, icon = CASES[case.state]
    kinds = {
        "access": t("Auskunft", "Access"),
        "correction": t("Berichtigung", "Correction"),
        "erasure": t("Löschung", "Erasure"),
    }
    return {
        "case": case,
        "kind": kinds[case.kind],
        "state": words.in_(locale.current()),
        "mark": mark,
        "icon": icon,
        "link": _link(case) if case.kind == "erasure" and case.open else "",
    }


def _link(case: Case) -> str:
    return tokens.sign(TOLD, {"case": str(case.id)}, expires=None)


def _row(each: Outcome) -> Row:
    words, mark, icon = WORDS[each.result] if each.result == ERASED or each.until else KEPT_WORDS
    return Row(
        known=classes.named(each.record_class),
        word=words.in_(locale.current()).format(_day(each.until)),
        mark=mark,
        icon=icon,
        number=each.count,
        rule=each.basis,
    )


def _stored(each: Mapping[str, Any]) -> Row:
    until = date.fromisoformat(each["until"]) if each["until"] else None
    return _row(
        Outcome(
            record_class=each["class"], result=each["result"], count=each["count"], until=until, basis=each["basis"]
        )
    )


def _fates(rows: Sequence[Row]) -> dict[str, list[Row]]:
    shown = [row for row in rows if not row.known.hidden and (row.number or row.known.after_erasure)]
    return {"stays": [row for row in shown if row.rule], "goes": [row for row in shown if not row.rule]}


def _day(until: date | None) -> str:
    return numbers.day(until) if until else ""
