"""How the demo tells its story: a progress bar and sentences for people, one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from einklang.core.clock import ZONE
from einklang.project.demo import cast
from einklang.project.demo.steps import NAMES, Step
from einklang.ui.calendar import SHORT_WEEKDAYS

DAYS = SHORT_WEEKDAYS["de"]
LOOKS = {
    "done": "[green]getan[/]",
    "withheld": "[magenta]zurückgehalten[/]",
    "not_triggered": "[dim]nicht ausgelöst[/]",
}
TITLES = {
    "read": "Lesen",
    "enrol": "Journey",
    "mail": "E-Mail",
    "click": "Klick",
    "prepare": "Vorbereiten",
    "visit": "Besuch",
    "recommend": "Empfehlen",
    "sample": "Muster",
}


@contextmanager
def steps(*, as_json: bool) -> Iterator[Callable[[Step], None]]:
    if as_json:
        yield _line
        return
    console = Console(highlight=False)
    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Die Geschichte", total=len(NAMES))

        def tell(step: Step) -> None:
            _tell(progress.console, step)
            progress.advance(task)

        yield tell


def _line(step: Step) -> None:
    told = {name: value for name, value in asdict(step).items() if name != "account"}
    sys.stdout.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def _tell(console: Console, step: Step) -> None:
    at = datetime.fromisoformat(step.at).astimezone(ZONE)
    console.print(f"\n[bold]{DAYS[at.weekday()]} {at:%d.%m. %H:%M}  {TITLES[step.step]}[/]  {LOOKS[step.outcome]}")
    for sentence in step.account:
        console.print(f"  {sentence}")
    for reason in step.reasons:
        console.print(f"  [dim]weil:[/] {reason}")


def logins(url: str) -> None:
    console = Console(highlight=False)
    console.print(f"\n[bold]Einklang läuft:[/] {url}    Passwort für alle: [bold]{cast.PASSWORD}[/]")
    console.print("  Alle Personen dieser Demo sind erfunden.")
    doctors = [
        (doctor.email, f"Portal, {doctor.given_name} {doctor.family_name}") for doctor in cast.DOCTORS if doctor.login
    ]
    staff = [
        (each.email, f"{'Desk' if each.role == 'rep' else 'Studio'}, {each.name}, {each.role}") for each in cast.STAFF
    ]
    for email, who in doctors + staff:
        console.print(f"  {email:<42} {who}")
    console.print(f"  Portal {url}/   Desk {url}/desk/   Studio {url}/studio/   Posteingang {url}/demo/inbox")
    console.print("  Ende mit Strg-C.")
