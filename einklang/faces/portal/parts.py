"""The portal's things as parts of the kit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.faces.portal.reader import Reader
from einklang.facts.content.read import Version
from einklang.facts.products import read as products
from einklang.facts.products.read import Mandatory as MandatoryText
from einklang.loop.gate.question import Reason
from einklang.loop.gate.question import Verdict as Judgement
from einklang.ui import locale
from einklang.ui.components import Check, Mandatory, Verdict, Wayout, Why
from einklang.ui.text import t

KIND_ICONS = {"article": "book-open-text", "study": "flask", "video": "monitor-play"}
SAID_TO_HER = {
    "DE-HWG-01": (
        Words("Dieser Beitrag ist nur für medizinische Fachkreise.", "This item is for healthcare professionals only."),
        Words(
            "Er öffnet sich, sobald uns Ihr Heilberuf bekannt ist.",
            "It opens as soon as we know your health profession.",
        ),
    ),
    "DE-HWG-02": (
        Words(
            "Dieser Beitrag wirbt für ein verschreibungspflichtiges Arzneimittel. Das Gesetz erlaubt uns, ihn nur "
            "Ärztinnen, Ärzten und Apotheken zu zeigen.",
            "This item advertises a prescription medicine. The law allows us to show it to physicians and pharmacists "
            "only.",
        ),
        Words(
            "Üben Sie einen solchen Beruf aus, öffnet er sich, sobald uns ein gültiger Nachweis vorliegt.",
            "If you practise as one, it opens as soon as we hold a valid proof.",
        ),
    ),
}
NEW = timedelta(days=7)
MOTIFS = ("pulse", "filtration", "forest", "rings", "helix", "unison")


@dataclass(frozen=True, kw_only=True)
class Chosen(Why):
    """The reasons of a choice, and what the reader may say about it."""

    template_name: ClassVar[str] = "portal/chosen.html"
    slug: str
    topic: str = ""
    topic_name: str = ""

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        outer = parent_context or {}
        return {**super().get_context_data(parent_context), "csrf_token": outer.get("csrf_token")}


def kind_name(kind: str) -> str:
    return {"study": t("Studie", "Study"), "video": t("Video", "Video")}.get(kind, t("Artikel", "Article"))


def motif(version: Version) -> str:
    """The drawn picture of a content: the same on every page, for ever."""
    return MOTIFS[sum(version.slug.encode()) % len(MOTIFS)]


def card(version: Version, reader: Reader) -> dict[str, object]:
    """What a list shows of a content."""
    words = version.text(locale.current())
    return {
        "version": version,
        "title": words["title"],
        "lede": words.get("lede", ""),
        "minutes": words.get("minutes"),
        "topics": [reader.topic(slug) for slug in version.topics[:2]],
        "sources": len(words.get("references", ())),
        "new": reader.now - version.valid_from < NEW,
        "kind": kind_name(version.kind),
        "icon": KIND_ICONS.get(version.kind, "book-open-text"),
        "motif": words.get("poster") if words.get("poster") in MOTIFS else motif(version),
    }


def refusal(judgement: Judgement) -> Verdict:
    """Answer, then the most final reason, then the way out."""
    decisive = judgement.decisive
    sentence = " ".join([t("Nein.", "No."), *(_to_reader(reason)[0] for reason in decisive[:1])])
    way_out = next((text for reason in decisive if (text := _to_reader(reason)[1])), "")
    return Verdict(
        answer="no",
        sentence=sentence,
        rule=decisive[0].rule if decisive else "",
        checks=[_check(reason) for reason in decisive[1:]],
        wayout=Wayout(text=way_out) if way_out else None,
        level=1,
    )


def mandatory(cur: Cursor, versions: Iterable[Version]) -> list[Mandatory]:
    """One bordered block for each medicine that the versions name, in the text that they were approved with."""
    named = {version.authorisation: version for version in versions if version.authorisation and version.mandatory_text}
    if not named:
        return []
    known = products.product(cur, [each for each in named if each])
    texts = products.mandatory_texts(cur, [each.mandatory_text for each in named.values() if each.mandatory_text])
    return [
        mandatory_text(product, texts[version.mandatory_text])
        for authorisation, version in named.items()
        if (product := known.get(_id(authorisation))) and version.mandatory_text in texts
    ]


def mandatory_text(product: products.Product, text: MandatoryText, *, linked: bool = True) -> Mandatory:
    return Mandatory(
        title=t("Pflichtangaben: {}", "Mandatory information: {}").format(product.name),
        fields=text.lines(locale.current()),
        foot=t("Fassung {}", "Version {}").format(text.version),
        href=f"/fachinformation/{product.slug}" if linked else "",
        act=t("Fachinformation", "Product information"),
        id=f"must-{product.slug}",
    )


def _check(reason: Reason) -> Check:
    outcome: Literal["fail", "not_before"] = "not_before" if reason.outcome == "not_before" else "fail"
    return Check(outcome=outcome, text=_to_reader(reason)[0], rule=reason.rule)


def _to_reader(reason: Reason) -> tuple[str, str]:
    """Sentence and way out, said to the person whom the rule speaks of."""
    language = locale.current()
    if reason.rule in SAID_TO_HER:
        said, way_out = SAID_TO_HER[reason.rule]
        return said.in_(language), way_out.in_(language)
    return reason.text(language), reason.way_out(language)


def _id(value: UUID | None) -> UUID:
    assert value is not None
    return value
