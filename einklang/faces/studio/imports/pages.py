"""Bringing data in: upload, matching columns, dry run, the run itself and its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.bridges.imports import batches, files, registry
from einklang.bridges.imports.batches import Batch, Change
from einklang.bridges.imports.kind import Kind
from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.imports import words
from einklang.facts.people import origin
from einklang.facts.people import read as people
from einklang.ui import locale
from einklang.ui.components import Steps
from einklang.ui.text import t

ACT = "studio.imports"
ACTS_OF_KINDS = {"reps": "studio.imports.reps"}
EXAMPLES = 3
SHOWN = 20

Said = Callable[[Agent, Batch, int], Batch]
SAID: dict[str, Said] = {
    "start": lambda agent, batch, version: batches.start(
        agent.cur, batch, by=agent.user.id, version=version, now=agent.now
    ),
    "stop": lambda agent, batch, version: batches.stop(
        agent.cur, batch, by=agent.user.id, version=version, now=agent.now
    ),
    "resume": lambda agent, batch, version: batches.resume(
        agent.cur, batch, by=agent.user.id, version=version, now=agent.now
    ),
}


class UploadForm(forms.Form):
    file = forms.FileField()
    source = forms.CharField(max_length=80)
    origin = forms.ChoiceField(widget=forms.RadioSelect, required=False)

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file, source, origin = self.fields["file"], self.fields["source"], self.fields["origin"]
        largest = files.LARGEST // files.MEGABYTE
        file.label = t("Datei", "File")
        file.help_text = t(
            f"CSV oder Excel (.xlsx), höchstens {largest} MB. Die erste Zeile nennt die Spalten.",
            f"CSV or Excel (.xlsx), at most {largest} MB. The first row names the columns.",
        )
        file.widget.attrs["accept"] = ".csv,.txt,.tsv,.xlsx"
        file.error_messages["required"] = t("Es fehlt die Datei.", "The file is missing.")
        file.error_messages["empty"] = t(
            "Die Datei ist leer. Die erste Zeile nennt die Spalten.",
            "The file is empty. The first row names the columns.",
        )
        source.label = t("Name der Quelle", "Name of the source")
        source.help_text = t(
            "Unter ihm erkennen wir die Zeilen beim nächsten Mal wieder, etwa „CRM“.",
            "By it we know the rows again next time, such as “CRM”.",
        )
        source.error_messages["required"] = t(
            "Es fehlt der Name der Quelle, etwa „CRM“ oder „Adressliste Nord“.",
            "The name of the source is missing, such as “CRM” or “Address list North”.",
        )
        origin.label = t("Woher stammen die Angaben?", "Where do the data come from?")
        origin.choices = [  # type: ignore[attr-defined]
            ("own", t("Von den Personen selbst", "From the people themselves")),
            (
                "list",
                t(
                    "Aus einer Liste von anderen: Wer neu ist, wird binnen eines Monats informiert (Art. 14 DSGVO)",
                    "From a list of others: who is new is told within a month (Art. 14 GDPR)",
                ),
            ),
        ]
        if not kind.sourced:
            del self.fields["source"]
        if kind.name != "people":
            del self.fields["origin"]

    def clean_origin(self) -> str:
        chosen = str(self.cleaned_data.get("origin") or "")
        if not chosen:
            raise forms.ValidationError(
                t(
                    "Bitte wählen Sie, woher die Angaben stammen. Davon hängt ab, wen wir informieren müssen.",
                    "Please choose where the data come from. It decides whom we must tell.",
                )
            )
        return chosen

    def refuse(self, error: InputError) -> None:
        language = locale.current()
        field = error.field if error.field in self.fields else "file"
        self.add_error(field, f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip())


@dataclass(frozen=True)
class Column:
    name: str
    examples: str
    field: str


@dataclass(frozen=True)
class Changed:
    change: Change
    label: str
    person: str
    values: list[tuple[str, Any, Any]]


@require_safe
@studio_view(ACT)
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = batches.listing(agent.cur)
    users = people.users(agent.cur, {batch.by for batch in found if batch.by})
    rows = [(batch, words.kind(batch.kind), words.mark(batch), users.get(batch.by)) for batch in found if batch]  # type: ignore[arg-type]
    kinds = [kind for kind in registry.KINDS.values() if agent.may(_act(kind.name))]
    overdue, owed = origin.counts(agent.cur, agent.now)
    return page(request, agent, "imports", rows=rows, kinds=_told(kinds), owed=owed, overdue=overdue)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view(ACT)
def new(request: HttpRequest, agent: Agent, kind: str) -> HttpResponse:
    definition = registry.kind(kind)
    _allowed(agent, kind)
    form = UploadForm(definition, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                batch = _uploaded(agent, definition, form.cleaned_data)
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("studio:import", batch=batch.id)
    (told,) = _told([definition])
    fields = [(words.label(each), each.hint.in_(locale.current()), each) for each in definition.fields]
    return page(request, agent, "import_new", form=form, kind=told, fields=fields)


@require_safe
@studio_view(ACT)
def batch(request: HttpRequest, agent: Agent, batch: UUID) -> HttpResponse:
    return _shown(request, agent, _of(agent, batch))


@require_POST
@studio_view(ACT)
def check(request: HttpRequest, agent: Agent, batch: UUID) -> HttpResponse:
    """Which column is what; then the dry run begins."""
    found = _of(agent, batch)
    chosen = {name: request.POST.get(f"column-{place}", "") for place, name in enumerate(found.columns)}
    try:
        with transaction.atomic():
            batches.check(agent.cur, found, chosen, version=_version(request), now=agent.now)
    except InputError as error:
        return _shown(request, agent, found, mapping=chosen, problem=error, status=422)
    except Conflict as error:
        return _overtaken(request, batch, error)
    return redirect("studio:import", batch=batch)


@require_POST
@studio_view(ACT)
def control(request: HttpRequest, agent: Agent, batch: UUID) -> HttpResponse:
    """Start, stop and go on."""
    said = SAID.get(request.POST.get("act", ""))
    if said is None:
        return HttpResponseBadRequest()
    try:
        with transaction.atomic():
            said(agent, _of(agent, batch), _version(request))
    except Conflict as error:
        return _overtaken(request, batch, error)
    return redirect("studio:import", batch=batch)


@require_POST
@studio_view(ACT)
def discard(request: HttpRequest, agent: Agent, batch: UUID) -> HttpResponse:
    try:
        with transaction.atomic():
            batches.discard(agent.cur, _of(agent, batch), version=_version(request))
    except Conflict as error:
        return _overtaken(request, batch, error)
    toast.tell(request, t("Die Datei ist verworfen.", "The file is discarded."))
    return redirect("studio:imports")


@require_POST
@studio_view(ACT)
def notice(request: HttpRequest, agent: Agent, batch: UUID) -> HttpResponse:
    """The people of a bought list were told where their data come from (EU-DP-05)."""
    found = _of(agent, batch)
    with transaction.atomic():
        told = batches.noticed(agent.cur, found, by=agent.user.id, now=agent.now)
    toast.tell(
        request,
        t(f"Festgehalten: {told} Personen sind informiert.", f"Recorded: {told} people have been told."),
    )
    return redirect("studio:import", batch=batch)


def _uploaded(agent: Agent, kind: Kind, given: dict[str, Any]) -> Batch:
    file = given["file"]
    return batches.upload(
        agent.cur,
        kind=kind,
        name=file.name,
        content=file.read(files.LARGEST + 1),
        source=given.get("source", ""),
        third_party=given.get("origin") == "list",
        by=agent.user.id,
        now=agent.now,
    )


def _shown(
    request: HttpRequest,
    agent: Agent,
    found: Batch,
    *,
    mapping: dict[str, str] | None = None,
    problem: InputError | None = None,
    status: int = 200,
) -> HttpResponse:
    by = people.user(agent.cur, found.by) if found.by else None
    overdue, owed = origin.counts(agent.cur, agent.now, found.id) if found.state == "done" else (0, 0)
    return page(
        request,
        agent,
        "import",
        status=status,
        batch=found,
        kind=words.kind(found.kind),
        mark=words.mark(found),
        by=by,
        steps=Steps(items=words.steps(found)),
        working=found.state in ("checking", "running"),
        left=words.left(found, found.left(agent.now)),
        figures=words.figures(found),
        columns=_columns(found, mapping or dict(found.mapping)),
        fields=[(each.name, words.label(each), each.required) for each in found.definition.fields],
        problem=problem and _problem(found, problem),
        reasons=[
            (words.field(found, field), rule.in_(locale.current()), n) for field, rule, n in _reasons(agent, found)
        ],
        warnings=[
            (words.field(found, field), rule.in_(locale.current()), n)
            for field, rule, n in _reasons(agent, found, warnings=True)
        ],
        refusals=[
            (
                each.row,
                words.field(found, each.field),
                each.rule.in_(locale.current()),
                each.way_out.in_(locale.current()),
            )
            for each in batches.refusals(agent.cur, found.id, limit=SHOWN)
        ],
        changes=changed(agent, found, batches.changes(agent.cur, found.id, result="changed", limit=SHOWN)),
        taking=found.counts.get("new", 0) + found.counts.get("changed", 0),
        owed=owed,
        overdue=overdue,
    )


def changed(agent: Agent, batch: Batch, found: list[Change]) -> list[Changed]:
    cards = people.cards(agent.cur, {each.subject for each in found if each.subject})
    return [
        Changed(
            change=each,
            label=words.result(each.result),
            person=cards[each.subject].display_name if each.subject in cards else "",
            values=[
                (words.field(batch, name) if batch.definition.field(name) else name, each.before.get(name), value)
                for name, value in each.after.items()
                if name not in ("sort_key", "organisation_id")
            ],
        )
        for each in found
    ]


def of_kind(agent: Agent, found: Batch) -> Batch:
    _allowed(agent, found.kind)
    return found


def _of(agent: Agent, batch: UUID) -> Batch:
    return of_kind(agent, batches.get(agent.cur, batch))


def _reasons(agent: Agent, found: Batch, *, warnings: bool = False) -> list[tuple[str, Any, int]]:
    return batches.reasons(agent.cur, found.id, warnings=warnings)


def _columns(found: Batch, mapping: dict[str, str]) -> list[Column]:
    if found.file_erased_at or found.state not in batches.EDITABLE:
        return []
    first = [line.cells for line in islice(files.lines(found.id), EXAMPLES)]
    return [
        Column(
            name,
            " · ".join(cells[place] for cells in first if place < len(cells) and cells[place]),
            mapping.get(name, ""),
        )
        for place, name in enumerate(found.columns)
    ]


def _problem(found: Batch, problem: InputError) -> str:
    language = locale.current()
    field = words.field(found, problem.field)
    return f"{field}: {speak(problem.rule, language)} {speak(problem.way_out, language)}"


def _told(kinds: list[Kind]) -> list[dict[str, Any]]:
    language = locale.current()
    return [
        {
            "name": kind.name,
            "label": kind.label.in_(language),
            "icon": kind.icon,
            "about": kind.about.in_(language),
            "found_by": kind.found_by.in_(language),
        }
        for kind in kinds
    ]


def _act(kind: str) -> str:
    return ACTS_OF_KINDS.get(kind, ACT)


def _allowed(agent: Agent, kind: str) -> None:
    if not agent.may(_act(kind)):
        raise PermissionDenied


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else -1


def _overtaken(request: HttpRequest, batch: UUID, error: Conflict) -> HttpResponse:
    toast.tell(
        request,
        t(
            f"{speak(error.args[0], 'de')} Hier ist der jetzige Stand.",
            f"{speak(error.args[0], 'en')} This is how it stands now.",
        ),
    )
    return redirect("studio:import", batch=batch)
