"""What is missing before a draft may be laid before the reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import references, sign
from einklang.facts.content.read import Version
from einklang.facts.products import read as products

NO_END = (
    Words("Es fehlt das Ende der Gültigkeit (DE-INF-01).", "The end of validity is missing (DE-INF-01)."),
    Words("Üblich sind zwölf bis vierundzwanzig Monate.", "Twelve to twenty-four months are usual."),
)
PAST = (
    Words("Das Ende der Gültigkeit ist vorbei.", "The end of validity has passed."),
    Words("Bitte wählen Sie einen späteren Tag.", "Please choose a later day."),
)
OLD_SMPC = (
    Words(
        "Der Inhalt stützt sich nicht auf die aktuelle Fachinformation (DE-INF-01).",
        "The content does not stand on the current Fachinformation (DE-INF-01).",
    ),
    Words("Bitte binden Sie die aktuelle Fassung ein.", "Please bind the current version."),
)
WIDER = (
    Words(
        "Ein Anwendungsgebiet steht nicht in der Zulassung (DE-HWG-08).",
        "An indication is not part of the authorisation (DE-HWG-08).",
    ),
    Words("Bitte nennen Sie nur zugelassene Anwendungsgebiete.", "Please name approved indications only."),
)
NOT_FOR_ALL = (
    Words(
        "Werbung für ein verschreibungspflichtiges Arzneimittel sehen nur Ärzte und Apotheken (DE-HWG-02).",
        "Promotion of a prescription medicine is for prescribers and pharmacists only (DE-HWG-02).",
    ),
    Words("Bitte wählen Sie als Publikum „Rx-Fachkreise“.", "Please choose “Rx professionals” as the audience."),
)
BARE_CLAIM = (
    Words(
        "Eine Aussage stützt sich auf eine unvollständige Quelle (DE-HWG-11).",
        "A claim stands on an incomplete reference (DE-HWG-11).",
    ),
    Words(
        "Eine Quelle nennt Verfasser, Jahr, Fundstelle und ob sie das Arzneimittel betrifft.",
        "A reference names author, year, source and whether it concerns the medicine.",
    ),
)
UNCHECKED = (
    Words(
        "Ein Zitat ist nicht mit dem Original verglichen (DE-HWG-11).",
        "A quotation was not compared with its original (DE-HWG-11).",
    ),
    Words("Bitte tragen Sie ein, wer den Wortlaut geprüft hat.", "Please enter who checked the wording."),
)


def problems(cur: Cursor, content: Version, now: datetime) -> list[InputError]:
    return [*_shape(cur, content, now), *_time(content, now), *_product(cur, content, now), *_proofs(content)]


def _shape(cur: Cursor, content: Version, now: datetime) -> Iterator[InputError]:
    try:
        sign.check_releasable(cur, content, now)
    except InputError as error:
        yield error


def _time(content: Version, now: datetime) -> Iterator[InputError]:
    if content.valid_to is None and content.promotional:
        yield InputError("valid_to", *NO_END)
    if content.valid_to is not None and content.valid_to <= now:
        yield InputError("valid_to", *PAST)


def _product(cur: Cursor, content: Version, now: datetime) -> Iterator[InputError]:
    if content.authorisation is None:
        return
    product = products.product(cur, [content.authorisation])[content.authorisation]
    current = products.smpc_valid(cur, [content.authorisation], now).get(content.authorisation)
    if current and content.smpc_version != current.version:
        yield InputError("smpc_version", *OLD_SMPC)
    if not set(content.indications) <= set(product.indications):
        yield InputError("indications", *WIDER)
    if product.rx and content.promotional and content.audience != "rx":
        yield InputError("audience", *NOT_FOR_ALL)


def _proofs(content: Version) -> Iterator[InputError]:
    if not content.promotional:
        return
    for locale, words in content.body.items():
        known = words.get("references", [])
        for index, claim in enumerate(words.get("claims", [])):
            if not all(references.complete(known[number - 1]) for number in claim["references"]):
                yield InputError(f"body.{locale}.claims[{index}]", *BARE_CLAIM)
        for path, block in passages(words):
            if block["type"] == "quote" and not block.get("checked_by"):
                yield InputError(f"body.{locale}.{path}.checked_by", *UNCHECKED)


def passages(words: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every block with its path, on slides too."""
    for index, block in enumerate(words.get("blocks", ())):
        yield f"blocks[{index}]", block
    for number, slide in enumerate(words.get("slides", ())):
        for index, block in enumerate(slide["blocks"]):
            yield f"slides[{number}].blocks[{index}]", block
