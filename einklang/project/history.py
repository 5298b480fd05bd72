"""The stored history, checked as a whole: every invariant with its sentence, what to do where it does not hold, and the
function of the room that looks.

Each is looked at in one snapshot of the database that changes nothing and waits for nobody, so the house may run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from einklang.core.pg import Connection, Cursor
from einklang.core.words import Words
from einklang.facts.audit import trail
from einklang.facts.consent import verify
from einklang.loop.channels.visit import unexplained as visits
from einklang.loop.decide.journeys import unexplained as enrolments
from einklang.loop.gate import unexplained as messages
from einklang.loop.interactions import unexplained as log
from einklang.loop.profiles import unexplained as profiles
from einklang.services.orders import unexplained as orders

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
SHOWN = 50  # of each invariant; the rest is counted
TELL = Words(
    "Sichern Sie die Datenbank, wie sie ist, und melden Sie die Kennungen Ihrem Betrieb.",
    "Back the database up as it is and report the ids to whoever runs the house.",
)
FORGED = Words(
    "Jemand hat an der Anwendung vorbei geschrieben: Vergleichen Sie mit der letzten Sicherung, in der alles stimmt.",
    "Somebody wrote past the application: compare with the last backup in which all is well.",
)
LOOK = Words(
    "Öffnen Sie die Nachricht im Studio, klären Sie mit dem Mailserver, was geschah, und melden Sie sie Ihrem Betrieb.",
    "Open the message in the studio, find out from the mail server what happened, and report it to whoever runs it.",
)
REFOLD = Words(
    "Falten Sie das Profil neu: einklang check refold KENNUNG.", "Fold the profile anew: einklang check refold ID."
)
STOP = Words(
    "Halten Sie die Journey an, bevor Sie suchen: Wer hier steht, kommt von selbst nicht weiter.",
    "Pause the journey before you look further: whoever is named here does not go on by herself.",
)
LAW = Words(
    "Sprechen Sie mit Recht und Datenschutz; der gespeicherte Bescheid nennt die Gründe von damals.",
    "Talk to legal and data protection; the stored verdict names the reasons of that moment.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`one_of`: of so many verdicts one is judged again."""

    now: datetime
    one_of: int = 1


@dataclass(frozen=True, slots=True)
class Invariant:
    """`ids` names what breaks it: nothing where it holds."""

    name: str
    words: Words
    way_out: Words
    ids: Callable[[Cursor, Asked], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Found:
    """`ids` are the first ones of `number`."""

    invariant: Invariant
    number: int
    ids: tuple[str, ...]


def check(connection: Connection, asked: Asked) -> Iterator[Found]:
    """One answer for each invariant, in their order; `number` 0 where it holds."""
    for invariant in INVARIANTS:
        with connection.transaction():
            cur = connection.cursor()
            cur.execute(SNAPSHOT)
            ids = iter(invariant.ids(cur, asked))
            shown = tuple(str(each) for each in islice(ids, SHOWN))
            yield Found(invariant, len(shown) + sum(1 for _ in ids), shown)


def _consent(cur: Cursor) -> Iterator[object]:
    if broken := verify.verify(cur):
        yield broken.entry or broken.subject


def _audit(cur: Cursor) -> Iterator[object]:
    if (position := trail.broken(cur)) is not None:
        yield position


INVARIANTS = (
    Invariant(
        "told_twice",
        Words("Was eine Quelle einmal gemeldet hat, steht einmal im Protokoll.",
              "What a source told once stands in the log once."),
        TELL, lambda cur, _: log.told_twice(cur),
    ),
    Invariant(
        "without_key",
        Words("Jeder Eintrag ist an seinem Schlüssel wiederzuerkennen.", "Every entry is recognised by its key."),
        TELL, lambda cur, asked: log.without_key(cur, asked.now),
    ),
    Invariant(
        "without_entry",
        Words("Was angenommen wurde, steht im Protokoll.", "What was accepted stands in the log."),
        TELL, lambda cur, _: log.without_entry(cur),
    ),
    Invariant(
        "profiles",
        Words("Jedes Profil ist das, was das Protokoll sagt.", "Every profile is what the log says."),
        REFOLD, lambda cur, _: profiles.otherwise_than_the_log(cur),
    ),
    Invariant(
        "timers",
        Words("Wer in einer Journey wartet, hat einen Wecker, und sonst niemand.",
              "Whoever waits in a journey has a timer, and nobody else."),
        STOP, lambda cur, _: enrolments.without_timer(cur),
    ),
    Invariant(
        "at_once",
        Words("Niemand ist zweimal zugleich in einer Journey.", "Nobody is in a journey twice at once."),
        STOP, lambda cur, _: enrolments.twice_at_once(cur),
    ),
    Invariant(
        "triggers",
        Words("Jede Aufnahme hat ihren Auslöser im Protokoll.", "Every enrolment has its trigger in the log."),
        TELL, lambda cur, _: enrolments.untriggered(cur),
    ),
    Invariant(
        "steps",
        Words("Alle Schritte folgen dem veröffentlichten Plan.", "All steps follow the published plan."),
        STOP, lambda cur, _: enrolments.off_the_way(cur),
    ),
    Invariant(
        "asked",
        Words("Zu jeder Nachricht wurde gefragt.", "Every message was asked about."),
        TELL, lambda cur, _: messages.never_asked(cur),
    ),
    Invariant(
        "allowed",
        Words("Nichts ging ohne gespeichertes Ja hinaus.", "Nothing left without a stored yes."),
        LAW, lambda cur, _: messages.left_without_yes(cur),
    ),
    Invariant(
        "replay",
        Words("Jeder Bescheid fällt heute aus wie damals.", "Every verdict says today what it said then."),
        FORGED, lambda cur, asked: messages.judged_otherwise(cur, asked.one_of),
    ),
    Invariant(
        "withdrawals",
        Words("Nach einem Widerruf ging keine Werbung mehr hinaus.", "No promotion left after a withdrawal."),
        LAW, lambda cur, _: messages.sent_against_a_withdrawal(cur),
    ),
    Invariant(
        "sent_unlogged",
        Words("Was gesendet wurde, steht im Protokoll.", "What was sent stands in the log."),
        LOOK, lambda cur, asked: messages.sent_unlogged(cur, asked.now),
    ),
    Invariant(
        "logged_unsent",
        Words("Was das Protokoll gesendet nennt, wurde gesendet.", "What the log calls sent was sent."),
        LOOK, lambda cur, _: messages.logged_unsent(cur),
    ),
    Invariant(
        "visits",
        Words("Jeder berichtete Besuch und Anruf steht im Protokoll.",
              "Every visit and call that was reported stands in the log."),
        TELL, lambda cur, asked: visits.held_unlogged(cur, asked.now),
    ),
    Invariant(
        "quotas",
        Words("Niemand hat mehr Muster, als erlaubt sind.", "Nobody has more samples than the law allows."),
        LAW, lambda cur, _: orders.beyond_the_quota(cur),
    ),
    Invariant(
        "consent",
        Words("Das Einwilligungsregister ist unversehrt.", "The consent ledger is whole."),
        FORGED, lambda cur, _: _consent(cur),
    ),
    Invariant(
        "audit",
        Words("Das Änderungsprotokoll ist unversehrt.", "The audit trail is whole."),
        FORGED, lambda cur, _: _audit(cur),
    ),
)  # fmt: skip
