"""`einklang person …` and `einklang retention …`: the rights of people, for whoever runs the house."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.project.cli_house import tell, with_django

person = typer.Typer(no_args_is_help=True, help="What the law gives every person.")
retention = typer.Typer(no_args_is_help=True, help="What has been kept long enough.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Rehearse = Annotated[bool, typer.Option("--rehearse", help="Say what would happen; change nothing.")]


@person.command("export")
def export(
    person_id: UUID,
    language: Annotated[str, typer.Option(help="de or en")] = "de",
    pdf: Annotated[Path | None, typer.Option(help="Also write it on paper, into this file.")] = None,
) -> None:
    """All that is kept of a person as JSON (Art. 15 and 20 GDPR)."""
    with with_django(atomic=True) as (cur, now):
        from einklang.services.privacy import copy, paper, rights

        _check(cur, person_id)
        document = copy.document(cur, person_id, now, language)
        rights.exported(cur, person=person_id, by=None, form="cli", now=now)
        if pdf:
            pdf.write_bytes(paper.copy(document))
    tell(document)


@person.command("erase")
def erase(person_id: UUID, rehearse: Rehearse = False, as_json: Json = False) -> None:
    """Let go of a person; each class says what became of it and by which rule."""
    with with_django(atomic=True) as (cur, now):
        from einklang.services.privacy import rights

        _check(cur, person_id)
        if rehearse:
            outcomes = rights.rehearse(cur, person=person_id, now=now)
        else:
            outcomes = rights.erase(cur, person=person_id, by=None, now=now)
    for each in rights.plain(outcomes):
        until = f"until {each['until']} " if each["until"] else ""
        tell(
            each if as_json else f"{each['class']:<16} {each['result']:<16} {each['count']:>7}  {until}{each['basis']}"
        )


@retention.command("run")
def run(rehearse: Rehearse = False, as_json: Json = False) -> None:
    """Delete what is older than its rule allows, or list it by class with number and oldest."""
    with with_django(atomic=rehearse) as (cur, now):
        from einklang.services.privacy import retention as job

        due = job.rehearse(cur, now)
        gone = {} if rehearse else job.run(now)
    for each in due:
        row: dict[str, Any] = {
            "class": each.record_class, "act": each.act, "rule": each.rule, "before": each.before,
            "number": each.number, "oldest": each.oldest, "deleted": gone.get(each.record_class, 0),
        }  # fmt: skip
        tell(row if as_json else _line(row))


def _line(row: dict[str, Any]) -> str:
    what = f"{row['class']:<16} {row['act']:<7} {row['number']:>9}"
    oldest = f"oldest {row['oldest']:%Y-%m-%d}" if row["oldest"] else ""
    return f"{what}  before {row['before']:%Y-%m-%d}  {row['rule']:<11} {oldest}".rstrip()


def _check(cur: Cursor, person_id: UUID) -> None:
    from einklang.facts.people import read

    if person_id not in read.cards(cur, [person_id]):
        raise NotFound(f"There is no person {person_id}, or none any more.")
