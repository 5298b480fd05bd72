"""How an import is told: its state, its steps, what became of its rows."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from einklang.bridges.imports import batches, registry
from einklang.bridges.imports.batches import Batch
from einklang.bridges.imports.fields import Field
from einklang.ui import locale, numbers
from einklang.ui.components import Figure, Step
from einklang.ui.text import t

STATES = {
    "uploaded": ("Hochgeladen", "Uploaded", "", "circle-dashed"),
    "checking": ("Probelauf läuft", "Dry run at work", "voice", "hourglass-medium"),
    "checked": ("Bereit", "Ready", "warn", "clock-countdown"),
    "running": ("Läuft", "At work", "voice", "hourglass-medium"),
    "stopped": ("Angehalten", "Stopped", "warn", "pause"),
    "done": ("Fertig", "Done", "ok", "check"),
    "failed": ("Abgebrochen", "Failed", "danger", "warning"),
}
RESULTS = {
    "new": ("Neu", "New"),
    "changed": ("Geändert", "Changed"),
    "unchanged": ("Unverändert", "Unchanged"),
    "refused": ("Zurückgewiesen", "Refused"),
    "erased": ("Gelöscht geblieben", "Stayed erased"),
}
STAGES = (
    ("Hochladen", "Upload"),
    ("Spalten zuordnen", "Match columns"),
    ("Probelauf", "Dry run"),
    ("Übernehmen", "Bring in"),
)
REACHED = {"uploaded": 1, "checking": 2, "checked": 3, "running": 3, "done": 4}
MINUTE = timedelta(minutes=1)


class Mark(NamedTuple):
    label: str
    tone: str
    icon: str


def mark(batch: Batch) -> Mark:
    de, en, tone, icon = STATES[batch.state]
    return Mark(t(de, en), tone, icon)


def kind(name: str) -> str:
    return registry.kind(name).label.in_(locale.current())


def field(batch: Batch, name: str) -> str:
    found = batch.definition.field(name)
    return label(found) if found else t("Ganze Zeile", "Whole row")


def label(field: Field) -> str:
    return field.label.in_(locale.current())


def result(name: str) -> str:
    return t(*RESULTS[name])


def steps(batch: Batch) -> list[Step]:
    now = REACHED.get(batch.state, 3 if batch.phase == batches.RUN else 2)
    return [
        Step(state="done" if place < now else "current" if place == now else "todo", title=t(*stage))
        for place, stage in enumerate(STAGES)
    ]


def figures(batch: Batch) -> list[Figure]:
    of = t(f"von {numbers.number(batch.rows)} Zeilen", f"of {numbers.number(batch.rows)} rows")
    shown = [name for name in RESULTS if name != "erased" or batch.counts.get("erased")]
    keys = {"refused": "held", "new": "sent"}
    return [
        Figure(
            label=result(name),
            value=numbers.number(batch.counts.get(name, 0)),
            of=of,
            key=keys.get(name, ""),  # type: ignore[arg-type]
        )
        for name in shown
    ]


def left(batch: Batch, remaining: timedelta | None) -> str:
    done = numbers.number(batch.position)
    total = numbers.number(batch.rows)
    so_far = t(f"{done} von {total} Zeilen", f"{done} of {total} rows")
    if remaining is None:
        return so_far
    if remaining < MINUTE:
        return so_far + t(", weniger als eine Minute", ", less than a minute left")
    minutes = -(-remaining // MINUTE)
    return so_far + t(f", noch etwa {minutes} Min.", f", about {minutes} min left")
