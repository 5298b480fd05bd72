"""`einklang journey …`: the tests that stand beside a journey, and its rehearsal before anything is sent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from einklang.core import pg, settings
from einklang.core.errors import InputError, NotFound
from einklang.core.words import Words
from einklang.project.cli_house import tell, with_django

journey = typer.Typer(no_args_is_help=True, help="Journeys: their tests, their rehearsal.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Name = Annotated[str, typer.Argument(help="The key of a journey; for its tests also a JSON file, tests beside it.")]
TESTS = ".tests.yaml"


@journey.command("test")
def run_tests(name: Name, as_json: Json = False) -> None:
    """Run the journey's tests on a virtual clock; those of a file NAME.json stand in NAME.tests.yaml.

    Exits 1 if one fails.
    """
    document, tests = _of_file(Path(name)) if name.endswith(".json") else _newest(name)
    from einklang.loop.decide.journeys.document import parse
    from einklang.loop.decide.journeys.trials import outcomes

    found = outcomes(parse(document), tests)
    for each in found:
        told = {"line": each.line, "name": each.name, "passed": each.passed, "said": each.text.en if each.text else ""}
        tell(told if as_json else _sentence(told))
    if not found and not as_json:
        tell("There are no tests.")
    if not all(each.passed for each in found):
        raise typer.Exit(1)


@journey.command("rehearse")
def rehearse(
    name: Name,
    days: Annotated[int, typer.Option(min=1, max=90, help="How many of the last days come again.")] = 28,
    people: Annotated[bool, typer.Option(help="A line for each person, too: by id.")] = False,
    as_json: Json = False,
) -> None:
    """Play the journey on the real people and a virtual clock; nothing is sent, nothing but the answer is written."""
    with with_django() as (cur, now):
        from einklang.loop.decide.journeys import store
        from einklang.planning.rehearsal.play import Script, play
        from einklang.planning.rehearsal.score import lines, score

        row = next((row for row in store.listing(cur) if row.key == name), None)
        if row is None:
            raise NotFound(f"There is no journey {name}.")
        version = store.versions(cur, row.id)[-1]
        with pg.connect(
            settings.get().database_url or "", autocommit=True, application="einklang rehearsal"
        ) as connection:
            played = play(connection, Script(version.document, row.id, version.published_by, days), now, _progress)
        found = lines(cur, played)
        told = score(cur, played, found)
    if people:
        for each in found:
            tell({**each._asdict()} if as_json else f"{each.at:%Y-%m-%d %H:%M} {each.person} {each.what} {each.rule}")
    tell(told if as_json else "\n".join(_summary(told)))


def _of_file(path: Path) -> tuple[Any, str]:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        wrong = Words(f"{path} ist kein JSON: {error}", f"{path} is no JSON: {error}")
        raise InputError("file", wrong) from error
    beside = path.with_suffix(TESTS)
    return document, beside.read_text() if beside.is_file() else ""


def _newest(name: str) -> tuple[Any, str]:
    with with_django() as (cur, _):
        from einklang.loop.decide.journeys import store

        row = next((row for row in store.listing(cur) if row.key == name), None)
        if row is None:
            raise NotFound(f"There is no journey {name}.")
        version = store.versions(cur, row.id)[-1]
        return version.document, version.tests


def _sentence(told: dict[str, Any]) -> str:
    mark = "ok  " if told["passed"] else "FAIL"
    return f"{mark} line {told['line']}: {told['name']} {told['said']}".rstrip()


def _summary(told: dict[str, Any]) -> list[str]:
    kinds = told["kinds"]
    lines = [
        f"{told['people']} people ({told['known']} known), {told['entered']} entries, {told['held_out']} held out.",
        f"Sent {kinds.get('sent', 0)}, withheld {kinds.get('withheld', 0)}, suggested {kinds.get('suggested', 0)}, "
        f"later than wanted {told['later']}.",
    ]
    lines += [f"  withheld by {rule or 'content'}: {count}" for rule, count in told["rules"].items()]
    lines += [
        f"  week of {week}: " + ", ".join(f"{what} {count}" for what, count in sorted(each.items()))
        for week, each in told["weeks"].items()
    ]
    met = told["collisions"]
    return [*lines, f"{met['messages']} messages come within {met['days']} days of another contact: {met['by'] or '-'}"]


def _progress(percent: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{percent} %")
        sys.stderr.flush()
