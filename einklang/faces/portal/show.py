"""May this person see this content? Asked for every page, list and file; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from einklang.faces.portal.reader import Reader
from einklang.facts.content.read import Version
from einklang.loop.gate import judge
from einklang.loop.gate.facts import Known
from einklang.loop.gate.question import Question, Recipient, Verdict

KINDS = ("article", "study", "video")


def verdicts(reader: Reader, versions: Sequence[Version]) -> list[Verdict]:
    known = Known(
        cards={reader.card.id: reader.card},
        verified={reader.card.id: reader.verification} if reader.verification else {},
        contents={version.id: version for version in versions},
    )
    return judge.ask_only(reader.cur, [_question(reader, version) for version in versions], known)


def allowed(reader: Reader, versions: Sequence[Version]) -> list[Version]:
    answers = verdicts(reader, versions)
    return [version for version, verdict in zip(versions, answers, strict=True) if verdict.yes]


def _question(reader: Reader, version: Version) -> Question:
    return Question(
        act="show",
        recipient=Recipient("person", reader.card.id),
        channel="portal",
        purpose="promotional" if version.promotional else "medical",
        unit="marketing" if version.promotional else "medical",
        content=version.id,
        at=reader.now,
    )
