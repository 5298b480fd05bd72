"""Facts for a whole batch of questions in a constant number of queries. Ids and values only, no names or addresses.

Only what the rules of a question need is loaded and kept; `needs` in the packs says what that is. Django-free.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from einklang.core.ids import digest
from einklang.core.pg import Cursor
from einklang.facts.consent import preferences
from einklang.facts.consent import status as consent
from einklang.facts.consent.preferences import Preference
from einklang.facts.consent.status import Status
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.facts.people import origin, territory
from einklang.facts.people import read as people
from einklang.facts.people.origin import Owed
from einklang.facts.people.read import PersonCard, Verification
from einklang.facts.products import read as products
from einklang.facts.products.read import Mandatory, Pack, Product, SmpcRef
from einklang.loop.channels.email.letter import DISGUISE
from einklang.loop.gate import outbox, packs
from einklang.loop.gate.question import Facts, Question
from einklang.loop.interactions import log

CONTACTS_BACK = timedelta(days=32)  # the longest window of a contact limit: 28 days, or a calendar month
QUARTER_BACK = timedelta(days=93)  # of those who wish to be contacted once a quarter at most
SHARED = ("content", "pack")  # parts that a whole campaign has in common are stored once
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that the batch needs, by id."""

    cards: Mapping[UUID, PersonCard]
    verified: Mapping[UUID, Verification]
    consent: Mapping[UUID | str, Mapping[str, Status]]
    contents: Mapping[UUID, dict[str, Any]]
    packs: Mapping[UUID, dict[str, Any]]
    smpc: Mapping[UUID, SmpcRef]
    contacts: Mapping[UUID, Sequence[tuple[datetime, str]]]
    wishes: Mapping[UUID, Preference]
    origins: Mapping[UUID, Owed]
    qualified: Collection[UUID]
    reps: Mapping[UUID, Sequence[UUID]]
    staff: Mapping[UUID, Sequence[str]]

    def names(self, person: UUID | None) -> Mapping[str, str]:
        """Her short name by locale, for the sentences of a verdict; never part of the facts."""
        card = self.cards.get(person) if person else None
        return {locale: card.short(locale) for locale in ("de", "en")} if card else {}


@dataclass(frozen=True, slots=True)
class Known:
    """What a page has read for all its questions a moment ago, so that nothing is read twice."""

    cards: Mapping[UUID, PersonCard]
    verified: Mapping[UUID, Verification]
    contents: Mapping[UUID, Version]


def load(cur: Cursor, questions: Sequence[Question]) -> list[Facts]:
    return gather(cur, questions)[0] if questions else []


def gather(cur: Cursor, questions: Sequence[Question], known: Known | None = None) -> tuple[list[Facts], Loaded]:
    """With what was loaded, for those who also want the names. At least one question."""
    persons = {person for question in questions if (person := question.recipient.person)}
    cards = known.cards if known else people.cards(cur, persons)
    markets = [_market(question, cards) for question in questions]
    ways = {
        (question.act, question.channel, question.purpose, question.at, market): question
        for question, market in zip(questions, markets, strict=True)
    }
    known_needs = {way: _needs(question, way[-1]) for way, question in ways.items()}
    needs = [
        known_needs[question.act, question.channel, question.purpose, question.at, market]
        for question, market in zip(questions, markets, strict=True)
    ]
    loaded = _load(cur, list(zip(questions, needs, strict=True)), cards, known)
    writing = _Writing(loaded, alone=len(cards) == len(questions))
    return [writing.facts(*one) for one in zip(questions, markets, needs, strict=True)], loaded


def canonical(part: Any) -> bytes:
    return orjson.dumps(part, option=orjson.OPT_SORT_KEYS)


def stored_parts(facts: Sequence[Facts]) -> tuple[list[str], dict[str, bytes]]:
    """One digest for each, and what stands behind every digest; shared parts stand behind digests of their own."""
    shared: dict[int, str] = {}
    bodies: dict[str, bytes] = {}
    digests = []
    for one in facts:
        own = dict(one)
        for name in SHARED:
            part = one.get(name)
            if part is None:
                continue
            if id(part) not in shared:
                body = canonical(part)
                shared[id(part)] = digest(body)
                bodies[shared[id(part)]] = body
            own[name] = shared[id(part)]
        body = canonical(own)
        digests.append(digest(body))
        bodies[digests[-1]] = body
    return digests, bodies


def restored(own: Facts, parts: Mapping[str, Any]) -> Facts:
    """The facts as the rules read them, from the stored row and the shared parts that it names."""
    return {**own, **{name: parts[own[name]] for name in SHARED if own.get(name) is not None}}


class _Writing:
    """Facts of one question after the other; a mail counts as a contact for the later questions of the batch."""

    def __init__(self, loaded: Loaded, *, alone: bool) -> None:
        """`alone`: nobody is asked about twice."""
        self.loaded = loaded
        self.alone = alone
        self.earlier: dict[UUID, list[list[str]]] = {}

    def facts(self, question: Question, market: str | None, needs: frozenset[str]) -> Facts:
        person = question.recipient.person
        facts: dict[str, Any] = {"market": market, "given": plain(question.given) if question.given else {}}
        for need in needs:
            facts |= WRITERS[need](self, question, person)
        return facts

    def recipient(self, question: Question, person: UUID | None) -> dict[str, Any]:
        return {"recipient": str(question.recipient.id)}

    def consent(self, question: Question, person: UUID | None) -> dict[str, Any]:
        known = self.loaded.consent.get(person or question.anonymous or "", NOTHING)
        states = {permission: one.state for permission, one in known.items()}
        return {"consent": states, "grades": {permission: one.grade for permission, one in known.items() if one.grade}}

    def person(self, question: Question, person: UUID | None) -> dict[str, Any]:
        card = self.loaded.cards.get(person) if person else None
        return {"person": {"profession": card.profession, "land": card.land} if card else None}

    def verification(self, question: Question, person: UUID | None) -> dict[str, Any]:
        proof = self.loaded.verified.get(person) if person else None
        if proof is None:
            return {"verified": None}
        return {"verified": {"role": proof.role, "level": proof.level, "valid_until": _text(proof.valid_until)}}

    def content(self, question: Question, person: UUID | None) -> dict[str, Any]:
        return {"content": self.loaded.contents.get(question.content) if question.content else None}

    def pack(self, question: Question, person: UUID | None) -> dict[str, Any]:
        return {"pack": self.loaded.packs.get(question.pack) if question.pack else None}

    def smpc(self, question: Question, person: UUID | None) -> dict[str, Any]:
        valid = self.loaded.smpc
        return {"smpc": {str(one): str(valid[one].id) for one in _discussed(question) if one in valid}}

    def sender(self, question: Question, person: UUID | None) -> dict[str, Any]:
        rep = _rep(question)
        if rep is None:
            return {"sender": None}
        covers = person is not None and rep in self.loaded.reps.get(person, ())
        return {"sender": {"qualified": rep in self.loaded.qualified, "territory": covers}}

    def staff(self, question: Question, person: UUID | None) -> dict[str, Any]:
        roles = self.loaded.staff.get(question.recipient.id) if question.recipient.id and person is None else None
        return {"staff": None if roles is None else {"roles": sorted(roles)}}

    def wish(self, question: Question, person: UUID | None) -> dict[str, Any]:
        wish = self.loaded.wishes.get(person) if person else None
        if wish is None:
            return {"wish": None}
        told = {"frequency": wish.frequency, "paused_until": _text(wish.paused_until)}
        return {"wish": {**told, "channels": wish.channels, "pause_visits": wish.pause_visits}}

    def origin(self, question: Question, person: UUID | None) -> dict[str, Any]:
        owed = self.loaded.origins.get(person) if person else None
        return {"origin": {"due": _text(owed.due)} if owed else None}

    def contacts(self, question: Question, person: UUID | None) -> dict[str, Any]:
        """What the company shows or records is not limited."""
        if person is None or not _limited(question, self.loaded.wishes):
            return {"contacts": []}
        contacts = [[at.isoformat(), channel] for at, channel in self.loaded.contacts.get(person, ())]
        if not self.alone and question.act == "send":
            earlier = self.earlier.setdefault(person, [])
            contacts += earlier
            if question.purpose == "promotional":
                earlier.append([question.at.isoformat(), question.channel])
        return {"contacts": contacts}


WRITERS: Mapping[str, Callable[[_Writing, Question, UUID | None], dict[str, Any]]] = {
    "recipient": _Writing.recipient,
    "consent": _Writing.consent,
    "person": _Writing.person,
    "verification": _Writing.verification,
    "content": _Writing.content,
    "pack": _Writing.pack,
    "smpc": _Writing.smpc,
    "sender": _Writing.sender,
    "wish": _Writing.wish,
    "origin": _Writing.origin,
    "contacts": _Writing.contacts,
    "staff": _Writing.staff,
}


def _market(question: Question, cards: Mapping[UUID, PersonCard]) -> str | None:
    """Where the person practises; the legal entity's for its mailboxes, users and anonymous visitors."""
    recipient = question.recipient
    if recipient.kind != "person" or recipient.id is None:
        return packs.current().home
    card = cards.get(recipient.id)
    return card.market if card else None


def _needs(question: Question, market: str | None) -> frozenset[str]:
    chain = packs.current().chain(market, question.at) if market else None
    route = chain.route(question.act, question.channel, question.purpose) if chain else None
    return route.needs if route else frozenset()


def _load(
    cur: Cursor,
    questions: Sequence[tuple[Question, frozenset[str]]],
    cards: Mapping[UUID, PersonCard],
    given: Known | None,
) -> Loaded:
    """Where times differ, the earliest counts: what begins only within the batch is not yet known."""

    def asking(need: str) -> list[Question]:
        return [question for question, needs in questions if need in needs]

    def persons(need: str) -> set[UUID]:
        return {person for question in asking(need) if (person := question.recipient.person)}

    now = min(question.at for question, _ in questions)
    contents = _contents(cur, _ids(asking("content"), "content"), given)
    sizes = products.packs(cur, wanted) if (wanted := _ids(asking("pack"), "pack")) else {}
    discussed = {one for question in asking("smpc") for one in _discussed(question)}
    medicines = {one.authorisation for one in contents.values() if one.authorisation}
    medicines |= {one.authorisation for one in sizes.values()}
    known = products.product(cur, medicines) if medicines else {}
    smpc = products.smpc_valid(cur, medicines | discussed, now) if medicines | discussed else {}
    texts = products.mandatory(cur, medicines, now) if medicines else {}
    judged = {authorisation: _product(one, smpc, texts) for authorisation, one in known.items()}
    wishes = preferences.read(cur, wanted) if (wanted := persons("wish")) else {}
    limited = [question for question in asking("contacts") if _limited(question, wishes)]
    reps = {rep for question in asking("sender") if (rep := _rep(question))}
    return Loaded(
        cards=cards,
        verified=_verified(cur, persons("verification"), given, now),
        consent=consent.status(cur, subjects) if (subjects := _subjects(asking("consent"))) else {},
        contents={one.id: _content(one, judged) for one in contents.values()},
        packs={one.id: _pack(one, judged) for one in sizes.values()},
        smpc=smpc,
        contacts=_contacts(cur, limited, wishes, now),
        wishes=wishes,
        origins=origin.owed(cur, wanted) if (wanted := persons("origin")) else {},
        qualified=people.qualified(cur, reps, now) if reps else set(),
        reps=territory.reps(cur, persons("sender"), now) if reps else {},
        staff=_staff(cur, asking("staff")),
    )


def _contents(cur: Cursor, wanted: Collection[UUID], given: Known | None) -> Mapping[UUID, Version]:
    if given:
        return given.contents
    return content.versions(cur, wanted) if wanted else {}


def _verified(cur: Cursor, wanted: Collection[UUID], given: Known | None, now: datetime) -> Mapping[UUID, Verification]:
    if given:
        return given.verified
    return people.verified(cur, wanted, now) if wanted else {}


def _staff(cur: Cursor, questions: Sequence[Question]) -> dict[UUID, Sequence[str]]:
    """The roles of those who work here: behind whose login no person of the record stands."""
    wanted = {one.recipient.id for one in questions if one.recipient.kind == "user" and one.recipient.id}
    cards = people.users(cur, wanted) if wanted else {}
    return {id_: card.roles for id_, card in cards.items() if card.is_active and card.person is None}


def _limited(question: Question, wishes: Mapping[UUID, Preference]) -> bool:
    """What is sent always is; a visit or a call where the person wishes it."""
    person = question.recipient.person
    wish = wishes.get(person) if person and question.act == "visit" else None
    return question.act == "send" or (wish is not None and question.channel in wish.channels)


def _contacts(
    cur: Cursor, questions: Sequence[Question], wishes: Mapping[UUID, Preference], now: datetime
) -> dict[UUID, list[tuple[datetime, str]]]:
    """What the log holds, and what is planned or on its way and therefore not in the log yet."""
    persons = {person for question in questions if (person := question.recipient.person)}
    rarely = {each for each in persons if each in wishes and "quarterly" in wishes[each].channels.values()}
    own = [question.message for question in questions if question.message]
    found: dict[UUID, list[tuple[datetime, str]]] = {}
    for group, back in ((persons - rarely, CONTACTS_BACK), (rarely, QUARTER_BACK)):
        if group:
            known = log.contacts(cur, group, now - back)
            pending = outbox.pending_contacts(cur, group, now - back, own)
            found |= {person: [*known.get(person, ()), *pending.get(person, ())] for person in group}
    return found


def _subjects(questions: Sequence[Question]) -> set[UUID | str]:
    found = {question.recipient.person or question.anonymous for question in questions}
    return {subject for subject in found if subject}


def _ids(questions: Sequence[Question], field: str) -> set[UUID]:
    return {found for question in questions if (found := getattr(question, field))}


def _rep(question: Question) -> UUID | None:
    return question.sender or (question.recipient.id if question.recipient.kind == "user" else None)


def _discussed(question: Question) -> list[UUID]:
    return [one if isinstance(one, UUID) else UUID(str(one)) for one in question.given.get("products") or ()]


def _content(version: Version, judged: Mapping[UUID, dict[str, Any]]) -> dict[str, Any]:
    subjects = [str(words.get("subject", "")) for words in version.body.values()]
    return {
        "id": str(version.id),
        "kind": version.kind,
        "market": version.market,
        "promotional": version.promotional,
        "rx": version.rx,
        "audience": version.audience,
        "state": version.state,
        "valid_from": _text(version.valid_from),
        "valid_to": _text(version.valid_to),
        "indications": list(version.indications),
        "authorisation": str(version.authorisation) if version.authorisation else None,
        "mandatory_text": str(version.mandatory_text) if version.mandatory_text else None,
        "disguised_subject": any(DISGUISE.match(subject) for subject in subjects),
        "product": judged.get(version.authorisation) if version.authorisation else None,
    }


def _pack(pack: Pack, judged: Mapping[UUID, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(pack.id),
        "authorisation": str(pack.authorisation),
        "is_smallest": pack.is_smallest,
        "label_confirmed": pack.label_confirmed,
        "product": judged[pack.authorisation],
    }


def _product(product: Product, smpc: Mapping[UUID, SmpcRef], texts: Mapping[UUID, Mandatory]) -> dict[str, Any]:
    valid, text = smpc.get(product.id), texts.get(product.id)
    return {
        "id": str(product.id),
        "brand": product.brand,
        "market": product.market,
        "rx": product.rx,
        "status": product.status,
        "authorised_from": _text(product.authorised_from),
        "indications": list(product.indications),
        "btm_annex": product.btm_annex,
        "t_rezept": product.t_rezept,
        "un_psychotropic": product.un_psychotropic,
        "smpc": {"id": str(valid.id), "version": valid.version, "sha256": valid.sha256} if valid else None,
        "mandatory_text": {"id": str(text.id), "fields": sorted(filter(text.fields.get, text.fields))}
        if text
        else None,
    }


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values only: ids and times become text. Of a delivery note, which holds an address, only what is filled."""
    known: dict[str, Any] = orjson.loads(orjson.dumps(dict(given), option=orjson.OPT_NON_STR_KEYS, default=str))
    if note := known.get("delivery_note"):
        known["delivery_note"] = {entry: bool(value) for entry, value in note.items()}
    return known


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
