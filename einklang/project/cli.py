"""`einklang`: every command. Rooms are imported inside the commands: `--help` and most of them load no Django."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import psycopg
import typer

from einklang.core import pg
from einklang.core.clock import ZONE
from einklang.core.errors import EinklangError, InputError
from einklang.project import (
    cli_backup,
    cli_check,
    cli_import,
    cli_journey,
    cli_keys,
    cli_lanes,
    cli_mail,
    cli_privacy,
    cli_tokens,
)
from einklang.project.cli_house import in_one_go, tell

if TYPE_CHECKING:
    from einklang.loop.gate.question import Verdict
    from einklang.loop.interactions.types import Entry

DAYS, HOURS, MINUTES = "d", "h", "m"
UNITS = {DAYS: timedelta(days=1), HOURS: timedelta(hours=1), MINUTES: timedelta(minutes=1)}
DEMO_HOME = "var/demo"
PAGE = 1000
FOLLOW_SECONDS = 5.0

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Einklang: one loop, one voice.")
log = typer.Typer(no_args_is_help=True, help="What happened.")
clock = typer.Typer(no_args_is_help=True, help="The demo's clock.")
verdict = typer.Typer(no_args_is_help=True, help="What the gate said and why.")
gate = typer.Typer(no_args_is_help=True, help="Ask the gate with facts of your own.")
consent = typer.Typer(no_args_is_help=True, help="The ledger of consents.")
for name, group in {
    "write-key": cli_keys.write_key,
    "token": cli_tokens.token,
    "log": log,
    "clock": clock,
    "verdict": verdict,
    "gate": gate,
    "consent": consent,
    "lanes": cli_lanes.lanes,
    "journey": cli_journey.journey,
    "mail": cli_mail.app,
    "person": cli_privacy.person,
    "retention": cli_privacy.retention,
    "check": cli_check.check,
    "backup": cli_backup.backup,
}.items():
    app.add_typer(group, name=name)

log.add_typer(cli_lanes.partitions, name="partitions")

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


def main() -> None:
    try:
        app()
    except EinklangError as refusal:
        sys.exit(str(refusal))
    except psycopg.OperationalError as outage:
        sys.exit(f"The database does not answer: {outage}".strip())
    except BrokenPipeError:  # the reader, `head` for one, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


Answer = Annotated[str | None, typer.Option(show_default=False)]


@app.command()
def init(
    *,
    company: Answer = None,
    legal_entity: Answer = None,
    market: Answer = None,
    street: Answer = None,
    town: Answer = None,
    management: Answer = None,
    register: Answer = None,
    contact: Answer = None,
    privacy_contact: Annotated[str | None, typer.Option(help="Data protection officer; empty for none.")] = None,
    public_url: Answer = None,
    safety_mailbox: Answer = None,
    mail_domain: Answer = None,
    mail_host: Annotated[str | None, typer.Option(help="Empty for no mail server yet.")] = None,
    mail_security: Annotated[str | None, typer.Option(help="starttls, tls or none.")] = None,
    mail_port: Answer = None,
    mail_user: Annotated[str | None, typer.Option(help="Its password is EINKLANG_SMTP_PASSWORD.")] = None,
    admin_name: Answer = None,
    admin_email: Answer = None,
    language: Annotated[str, typer.Option(help="de or en.")] = "de",
) -> None:
    """Your own company: asks for what no option gives, tries the mail server, makes the first administrator."""
    given = {name: value for name, value in locals().items() if isinstance(value, str) and name != "language"}
    from einklang.project import init_terminal

    init_terminal.run(given, locale=language)


@app.command()
def up(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8000,
    web: Annotated[int | None, typer.Option(min=1, help="Web processes; default EINKLANG_WEB or 1.")] = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Workers; default EINKLANG_WORKERS or 1.")] = None,
) -> None:
    """Start everything and keep it running: database, web processes, workers."""
    from einklang.project import supervisor

    supervisor.up(host=host, port=port, web=web, workers=workers)


@app.command()
def migrate() -> None:
    """Bring the database to this version while the version before goes on; `up` does the same before it serves."""
    from einklang.project import running, schema

    with running.database() as url:
        schema.migrate(url)


@app.command()
def worker() -> None:
    """One more worker, here or on another machine, for the house that runs or the configured database."""
    from einklang.project import supervisor

    supervisor.work()


@app.command()
def ready(
    worker: Annotated[bool, typer.Option("--worker", help="Also: a worker of this machine is at work.")] = False,
    web: Annotated[int | None, typer.Option(metavar="PORT", help="The web processes at this port say so.")] = None,
) -> None:
    """For orchestrators: ends with 0 where this house can serve, else with 1 and the reason."""
    from einklang.core import settings
    from einklang.project import readiness, running

    if web and (silence := readiness.fault_at(web)):
        sys.exit(silence)
    if worker or not web:  # web processes have looked at the database themselves
        own = settings.get()
        server = None if own.database_url else running.find(own.home)
        sys.exit(readiness.fault(own.database_url or (server.database_url if server else None), worker=worker))


@app.command()
def demo(
    *,
    people: Annotated[int, typer.Option(min=20, help="Simulated doctors, pharmacists and nurses.")] = 300,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the world that is there.")] = False,
    without: Annotated[str | None, typer.Option(help="Take this permission away before the story.")] = None,
    serve: Annotated[bool, typer.Option(help="Stay and serve the pages afterwards.")] = True,
    as_json: Json = False,
    port: int = 8000,
) -> None:
    """Build the demo's world, play the story live, and serve it."""
    os.environ["EINKLANG_HOME"] = os.environ.get("EINKLANG_HOME") or DEMO_HOME
    from einklang.project.demo.main import main as play

    play(people=people, keep=keep, without=without, serve=serve, as_json=as_json, port=port)


@log.command("show")
def show_log(
    since: Annotated[str | None, typer.Option(help="A date or time in ISO 8601, of coming in.")] = None,
    person: Annotated[UUID | None, typer.Option(help="Only this person's entries.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what comes.")] = False,
    as_json: Json = False,
) -> None:
    """Every entry in log order."""
    from einklang.core import settings

    start = _moment(since) if since else None
    with in_one_go() as cur:
        listening = None
        if follow:
            listening = pg.connect(settings.get().database_url or "", autocommit=True, application="einklang log")
            listening.execute("LISTEN log")
        position = 0
        while True:
            for entry in _entries(cur, position, person):
                position = entry.pos
                if start is None or entry.received_at >= start:
                    tell(_columns(entry) if as_json else _line(entry))
            cur.connection.commit()
            if listening is None:
                return
            list(listening.notifies(timeout=FOLLOW_SECONDS, stop_after=1))


@clock.command("advance")
def advance_clock(by: Annotated[str, typer.Argument(help="Like 2d, 3h or 15m.")]) -> None:
    """Move the demo's time on; everything that falls due happens."""
    from einklang.core import clock as time_of_day

    delta = _duration(by)
    with in_one_go() as cur:
        moment = time_of_day.advance(cur, delta)
    tell(f"It is now {moment.astimezone(ZONE):%A %d %B %Y, %H:%M} in Berlin.")


@verdict.command("show")
def show_verdict(verdict_id: UUID) -> None:
    """A stored verdict with reasons, rules and versions."""
    from einklang.loop.gate import verdicts

    with in_one_go() as cur:
        tell(verdicts.get(cur, verdict_id))


@verdict.command("replay")
def replay_verdict(verdict_id: UUID) -> None:
    """Judge again from the stored facts; fails where the answer differs from the stored one."""
    from einklang.loop.gate import verdicts

    with in_one_go() as cur:
        replayed = verdicts.replay(cur, verdict_id)
    if replayed.again is None:
        sys.exit(f"Not comparable: the fact {replayed.missing!r} was not stored then.")
    tell(_answer(replayed.again))
    if not replayed.same:
        sys.exit(f"Stored was {_answer(replayed.stored)}. What differs: {', '.join(replayed.differences)}.")


@gate.command("judge")
def judge(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Answer the questions of a JSON Lines file, each with its facts; nothing is read from or stored in a database."""
    from einklang.loop.gate.lines import judge_lines

    with file.open(encoding="utf-8") as lines:
        for answer in judge_lines(lines):
            tell(answer)


@consent.command("verify")
def verify_consent() -> None:
    """Walk every chain of the ledger and name the first broken entry."""
    from einklang.facts.consent import verify

    with in_one_go() as cur:
        broken = verify.verify(cur)
    if broken:
        sys.exit(f"Broken: {broken}")
    tell("The ledger is unbroken.")


app.command("import")(cli_import.bring_in)
app.command("restore")(cli_backup.restore)


@app.command()
def bench(name: str, as_json: Json = False) -> None:
    """Measure one of the floors of the house; `all` runs each."""
    from einklang.project import bench as benches

    for row in benches.run(name):
        tell(row if as_json else benches.line(row))


def _entries(cur: pg.Cursor, position: int, person: UUID | None) -> Iterator[Entry]:
    from einklang.loop.interactions import log as interactions

    while page := interactions.read(cur, after=position, limit=PAGE, person=person):
        yield from page
        position = page[-1].pos


def _answer(judged: Verdict) -> str:
    """Answer and the rules that spoke."""
    rules = dict.fromkeys(reason.rule for reason in judged.reasons if reason.outcome != "not_asked")
    return " ".join((judged.answer, *rules))


def _columns(entry: Entry) -> dict[str, Any]:
    first = ("pos", "lane")
    names = (*first, *(name for name in type(entry).__dataclass_fields__ if name not in first))
    return {name: getattr(entry, name) for name in names}


def _line(entry: Entry) -> str:
    moment = entry.occurred_at.astimezone(ZONE)
    return f"{entry.pos:>8}  {moment:%Y-%m-%d %H:%M:%S}  {entry.kind:<20} {entry.channel:<8} {entry.person or '-'}"


def _duration(text: str) -> timedelta:
    if text[:-1].isdecimal() and text[-1:] in UNITS:
        return int(text[:-1]) * UNITS[text[-1]]
    raise InputError("duration", f"{text!r} is not understood.", "Write a whole number and d, h or m, like 2d.")


def _moment(text: str) -> datetime:
    """Without a zone it is Berlin's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise InputError("--since", f"{text!r} is neither date nor time in ISO 8601.", "Like 2026-11-19.") from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


if __name__ == "__main__":
    main()
