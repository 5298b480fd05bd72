"""`einklang mail …`: the domain that mail is sent from, and how fast."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from einklang.core.errors import Conflict, InputError
from einklang.core.words import Words
from einklang.project.cli_house import tell, with_django

if TYPE_CHECKING:
    pass

app = typer.Typer(no_args_is_help=True, help="The domain that mail is sent from, and how fast.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
NONE = "none"
NO_CAP = Words("Das ist weder eine Zahl noch none.", "This is neither a number nor none.")


@app.command("key")
def key() -> None:
    """Make the key that signs our mails (DKIM) and print the record that shows it to the world."""
    from einklang.loop.channels.email import config, dkim

    mail = config.get()
    mail.key_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        made = dkim.create(mail.key_file)
    except FileExistsError as error:
        raise Conflict(f"There is a key in {mail.key_file}. Move it away if you want another one.") from error
    tell(f"{mail.selector}._domainkey.{mail.domain}  TXT  {made.record}")


@app.command("check")
def check(as_json: Json = False) -> None:
    """Ask the DNS whether we may send for our domain, name the records to set, and keep the result."""
    with with_django() as (_, now):
        from einklang.loop.channels.email import config
        from einklang.loop.gate import tasks

        bounces = config.get().bounce_domain
        findings = tasks.check_sender(now, always=True) or []
    for each in findings:
        tell(asdict(each) if as_json else f"{'ok  ' if each.ok else 'STOP'}  {each.part.upper():<5}  {each.words.en}")
        if not each.ok and each.record and not as_json:
            tell(f"      set: {each.name}  TXT  {each.record}")
    if bounces and not as_json:
        tell(f"      {bounces} needs an MX record that leads to this machine, or to a server that hands on to it.")
    if not all(each.ok for each in findings):
        sys.exit("Promotional mail waits until these records are set.")


@app.command("pace")
def show_pace(as_json: Json = False) -> None:
    """The caps that hold, and the warm-up."""
    with with_django() as (cur, now):
        from einklang.loop.gate import pace

        caps, since = pace.caps(cur, now), pace.warming_up_since(cur)
    if as_json:
        tell({"caps": dict(caps.named), "warm_up_since": since, "warm_up_per_hour": caps.warm_up})
        return
    for domain, per_hour in caps.named.items():
        tell(f"{domain:<30} {per_hour:>9,} an hour")
    tell(f"Warm-up since {since:%Y-%m-%d}: {caps.warm_up or 'no cap any more'}" if since else "No warm-up.")


@app.command("cap")
def set_cap(
    domain: Annotated[str, typer.Argument(help="Receiving domain; * for all that have no cap of their own.")],
    per_hour: Annotated[str, typer.Argument(help="Mails an hour, or none.")],
) -> None:
    """At most so much advertising an hour for one receiving domain."""
    if per_hour != NONE and not per_hour.isdecimal():
        raise InputError("per_hour", NO_CAP)
    with with_django() as (cur, now):
        from einklang.loop.gate import pace

        pace.set_cap(cur, domain, None if per_hour == NONE else int(per_hour), now)


@app.command("warm-up")
def warm_up(
    stop: Annotated[bool, typer.Option("--stop", help="End it: only the caps hold.")] = False,
) -> None:
    """Begin slowly from today, while nobody knows our domain yet."""
    with with_django() as (cur, now):
        from einklang.loop.gate import pace

        pace.warm_up(cur, None if stop else now)
