"""The people of the demo. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

COMPANY = "aurelia.example"
PRACTICES = "praxis.example"
PASSWORD = "einklang-demo"


@dataclass(frozen=True)
class Staff:
    name: str
    role: str
    territory: str = ""

    @property
    def email(self) -> str:
        return f"{address(self.name)}@{COMPANY}"


@dataclass(frozen=True)
class Doctor:
    salutation: str
    title: str
    given_name: str
    family_name: str
    profession: str
    specialty: str
    practice: str
    street: str
    postcode: str
    city: str
    territory: str
    login: bool = False

    @property
    def email(self) -> str:
        return f"{address(f'{self.given_name} {self.family_name}')}@{PRACTICES}"


HANNOVER, BREMEN, GOETTINGEN, BRAUNSCHWEIG = "Hannover", "Bremen", "Göttingen", "Braunschweig"
LANDS = {HANNOVER: "DE-NI", BREMEN: "DE-HB", GOETTINGEN: "DE-NI", BRAUNSCHWEIG: "DE-NI"}
POSTCODES = {HANNOVER: "30159", BREMEN: "28195", GOETTINGEN: "37073", BRAUNSCHWEIG: "38100"}

STAFF = (
    Staff("Jonas Petersen", "rep", HANNOVER),
    Staff("Nina Adler", "rep", BREMEN),
    Staff("Carla Voss", "rep", GOETTINGEN),
    Staff("Timo Reuter", "rep", BRAUNSCHWEIG),
    Staff("Lena Sommer", "marketing"),
    Staff("Aylin Demir", "medical_reviewer"),
    Staff("Theo Wegner", "legal_reviewer"),
    Staff("Petra Lang", "information_officer"),
    Staff("Mira Franke", "service_agent"),
    Staff("Ole Brandes", "safety_officer"),
    Staff("Jan Kuhn", "data_steward"),
    Staff("Eva Thiel", "analyst"),
    Staff("Karl Ritter", "auditor"),
    Staff("Ada Winter", "administrator"),
)

LINDENALLEE = (
    "Gemeinschaftspraxis für Innere Medizin und Kardiologie Lindenallee",
    "Lindenallee 14",
    "30159",
    HANNOVER,
)
STATION = ("Klinikum am Maschsee, Kardiologische Ambulanz", "Uferweg 3", "30159", HANNOVER)
DOCTORS = (
    Doctor("Frau", "Dr. med.", "Miriam", "Albrecht", "physician", "Kardiologie", *LINDENALLEE, HANNOVER, login=True),
    Doctor("Herr", "Dr. med.", "Tobias", "Kern", "physician", "Innere Medizin", *LINDENALLEE, HANNOVER, login=True),
    Doctor("Frau", "", "Sabine", "Holtz", "nurse", "Kardiologie", *STATION, HANNOVER, login=True),
    Doctor("Frau", "", "Petra", "Lorenz", "pharmacist", "", "Apotheke am Markt", "Markt 2", "30159", HANNOVER, HANNOVER, True),  # noqa: E501
    Doctor("Frau", "Dr. med.", "Anna-Katharina", "von Wolkenburg", "physician", "Kardiologie", *STATION, HANNOVER),
    Doctor("Herr", "Dr. med.", "Emre", "Yıldız", "physician", "Allgemeinmedizin", "Praxis Yıldız", "Nordstraße 8", "30159", HANNOVER, HANNOVER),  # noqa: E501
    Doctor("Herr", "Dr. med.", "Lukas", "Brandt", "physician", "Kardiologie", "Praxis Brandt", "Am Wall 20", "28195", BREMEN, BREMEN),  # noqa: E501
    Doctor("Frau", "Dr. med.", "Jana", "Michalski", "physician", "Nephrologie", "Nierenzentrum Leine", "Gänsegasse 5", "37073", GOETTINGEN, GOETTINGEN),  # noqa: E501
    Doctor("Frau", "Prof. Dr. med.", "Heike", "Sandvoss", "physician", "Kardiologie", "Klinikum Okerufer", "Okerufer 1", "38100", BRAUNSCHWEIG, BRAUNSCHWEIG),  # noqa: E501
    Doctor("Frau", "Dr. med.", "Nadine", "Kühl", "physician", "Innere Medizin", "Praxis Kühl", "Schlossplatz 7", "38100", BRAUNSCHWEIG, BRAUNSCHWEIG),  # noqa: E501
)  # fmt: skip
STORY_DOCTOR = DOCTORS[0]
STORY_REP = STAFF[0]

WOMEN = (
    "Andrea Birgit Christine Derya Elena Franziska Gesa Hanna Inga Julia Katrin Lea Maren Olga Paula Ruth Silke Tanja"
).split()
MEN = (
    "Achim Bernd Daniel Enno Florian Georg Hendrik Ilja Jens Kilian Leon Malte Nils Okan Patrick Rainer Stefan Uwe"
).split()
FAMILIES = (
    "Ahrens Bartels Cordes Dettmer Ehlers Freese Gerdes Harms Illing Jansen Kaiser Lüders Meinecke Nolte Oltmanns Pape "
    "Quast Rabe Siebert Thies Uhlig Vogt Weiss Zander Behrens Drews Engel Fuchs Grote Heine Krause Lampe Mertens Ohlsen"
).split()
STREETS = ("Gartenweg", "Bahnhofstraße", "Schulstraße", "Am Park", "Lange Straße", "Ringstraße")
PROFESSIONS = (("physician", 0.78), ("pharmacist", 0.12), ("nurse", 0.10))
SPELLED: dict[str, int | str | None] = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", " ": "."}
SPECIALTIES = ("Allgemeinmedizin", "Innere Medizin", "Kardiologie", "Nephrologie", "Diabetologie")


def address(name: str) -> str:
    plain = name.lower().translate(str.maketrans(SPELLED))
    return "".join(letter for letter in plain if letter.isalnum() or letter in ".-")


def simulated(random: Random, count: int) -> list[Doctor]:
    return [_simulated(random, number) for number in range(count)]


def _simulated(random: Random, number: int) -> Doctor:
    woman = random.random() < 0.55
    (profession,) = random.choices([name for name, _ in PROFESSIONS], [share for _, share in PROFESSIONS])
    city = random.choice(list(LANDS))
    family = random.choice(FAMILIES)
    place = {"pharmacist": "Apotheke", "nurse": "Klinik"}.get(profession, "Praxis")
    return Doctor(
        salutation="Frau" if woman else "Herr",
        title="Dr. med." if profession == "physician" else "",
        given_name=random.choice(WOMEN if woman else MEN),
        family_name=f"{family}-{random.choice(FAMILIES)}" if random.random() < 0.15 else family,
        profession=profession,
        specialty=random.choice(SPECIALTIES) if profession == "physician" else "",
        practice=f"{place} {family} {number + 1}",
        street=f"{random.choice(STREETS)} {random.randint(1, 99)}",
        postcode=POSTCODES[city],
        city=city,
        territory=city,
    )
