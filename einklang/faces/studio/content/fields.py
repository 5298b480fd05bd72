"""Which fields each kind of text and each kind of block has in the editor."""

from __future__ import annotations

from dataclasses import dataclass

from einklang.ui.text import t


@dataclass(frozen=True)
class Part:
    """One field: `lines` is how tall it is, 1 a line of its own, 0 a check box, -1 a choice among the files."""

    name: str
    de: str
    en: str
    lines: int = 1
    hint_de: str = ""
    hint_en: str = ""

    @property
    def label(self) -> str:
        return t(self.de, self.en)

    @property
    def hint(self) -> str:
        return t(self.hint_de, self.hint_en)


TEXT = Part("text", "Text", "Text", 4)
CAPTION = Part("caption", "Beschriftung", "Caption")
BLOCKS: dict[str, tuple[Part, ...]] = {
    "p": (TEXT,),
    "h": (Part("text", "Zwischentitel", "Heading"),),
    "list": (
        Part("items", "Punkte", "Items", 4, "Ein Punkt je Zeile.", "One item a line."),
        Part("ordered", "Mit Nummern", "Numbered", 0),
    ),
    "quote": (
        TEXT,
        Part("source", "Wer, Beruf, Ort, Datum", "Who, profession, place, date"),
        Part("checked_by", "Wortlaut geprüft von", "Wording checked by"),
    ),
    "table": (
        Part("rows", "Zeilen", "Rows", 5, "Spalten trennt |, die erste Zeile ist der Kopf.", "Columns are parted by |, the first row is the head."),  # noqa: E501
        CAPTION,
    ),
    "figure": (Part("asset", "Bild", "Picture", -1), Part("alt", "Beschreibung", "Description", 2), CAPTION),
    "video": (
        Part("asset", "Film", "Film", -1),
        Part("title", "Titel", "Title"),
        Part("poster", "Standbild", "Poster", -1),
        Part("captions_de", "Untertitel deutsch", "German captions", -1),
        Part("captions_en", "Untertitel englisch", "English captions", -1),
    ),
    "chart": (
        Part("title", "Titel", "Title"),
        Part("finding", "Befund in einem Satz", "Finding in one sentence"),
        Part("unit", "Einheit", "Unit"),
        Part("bars", "Werte", "Values", 4, "Name | Wert | untere | obere Grenze, je Zeile; Dezimalpunkt.", "Name | value | lower | upper bound, one a line."),  # noqa: E501
    ),
    "slide": (Part("title", "Titel der Folie", "Title of the slide"), Part("notes", "Notizen", "Notes", 2)),
}  # fmt: skip
PROOFS = (
    Part("references", "Quellen", "References", 4, "Verfasser | Jahr | Fundstelle | ja oder nein: betrifft das Arzneimittel. Eine je Zeile.", "Author | year | source | yes or no: about the medicine. One a line."),  # noqa: E501
    Part("claims", "Aussagen mit Belegen", "Claims with references", 3, "Aussage | Nummern der Quellen, wie 1, 3. Eine je Zeile.", "Claim | numbers of the references, like 1, 3. One a line."),  # noqa: E501
)  # fmt: skip
TITLE = (Part("title", "Titel", "Title"), Part("lede", "Vorspann", "Lede", 2))
MINUTES = Part("minutes", "Lesezeit in Minuten", "Minutes to read")
MAIL = (
    Part("subject", "Betreff", "Subject"),
    Part("preheader", "Vorschautext", "Preheader"),
    Part("greeting", "Anrede", "Greeting", 1, "{salutation} wird zur Anrede der Person.", "{salutation} becomes the person’s salutation."),  # noqa: E501
    Part("paragraphs", "Absätze", "Paragraphs", 8, "Eine leere Zeile trennt Absätze.", "An empty line parts paragraphs."),  # noqa: E501
    Part("links", "Links", "Links", 3, "Text | Kennung des Inhalts oder Adresse | Art. Einer je Zeile.", "Text | name of the content or address | kind. One a line."),  # noqa: E501
    Part("closing", "Schluss", "Closing", 2),
    *PROOFS,
)  # fmt: skip
FIELDS: dict[str, tuple[Part, ...]] = {
    "article": (*TITLE, MINUTES, *PROOFS),
    "study": (*TITLE, MINUTES, *PROOFS),
    "video": (
        *TITLE,
        Part("seconds", "Dauer in Sekunden", "Seconds"),
        Part("chapters", "Kapitel", "Chapters", 4, "Sekunde | Titel, eines je Zeile.", "Second | title, one a line."),
        Part("transcript", "Mitschrift", "Transcript", 6, "Eine leere Zeile trennt Absätze.", "An empty line parts paragraphs."),  # noqa: E501
        *PROOFS,
    ),
    "slides": (*TITLE, *PROOFS),
    "mail": MAIL,
    "system_mail": MAIL,
}  # fmt: skip
