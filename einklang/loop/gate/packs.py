"""Rule packs: EU, then country, then company, each a YAML file that may only tighten what it extends.

A question is judged by the chain of packs that is valid at its time in the person's market. Django-free.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import yaml

from einklang.core import settings
from einklang.core.clock import ZONE
from einklang.core.ids import digest
from einklang.loop.gate.errors import PackError
from einklang.loop.gate.outcome import Check
from einklang.loop.gate.question import Reason, Wording
from einklang.loop.gate.rulebook import RULES
from einklang.loop.gate.tighten import tightened

HERE = Path(__file__).with_name("packs")
NOT_ASKED = {"de": "Diese Regel betrifft die Frage nicht.", "en": "This rule does not concern the question."}

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """`channels` and `purposes` None mean all."""

    id: str
    acts: frozenset[str]
    channels: frozenset[str] | None
    purposes: frozenset[str] | None
    needs: frozenset[str]
    params: Mapping[str, Any]
    wording: Wording
    vectors: Sequence[Mapping[str, Any]]
    check: Check

    def concerns(self, act: str, channel: str, purpose: str) -> bool:
        return (
            act in self.acts
            and (self.channels is None or channel in self.channels)
            and (self.purposes is None or purpose in self.purposes)
        )


@dataclass(frozen=True, slots=True)
class Route:
    """The rules of one act, channel and purpose, most final first, each with its ready-made reasons by outcome."""

    rules: tuple[tuple[Rule, Mapping[str, Reason]], ...]
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chain:
    """The packs of one market on one day: `names` are id@version#hash, the base first."""

    names: tuple[str, ...]
    rules: Mapping[str, Rule]
    ways: frozenset[tuple[str, str, str]]
    routes: dict[tuple[str, str, str], Route] = field(default_factory=dict)

    def route(self, act: str, channel: str, purpose: str) -> Route | None:
        """None where no pack names the way: no default yes."""
        way = (act, channel, purpose)
        if way not in self.ways:
            return None
        if way not in self.routes:
            self.routes[way] = _route([rule for rule in self.rules.values() if rule.concerns(*way)], channel)
        return self.routes[way]


@dataclass(frozen=True, slots=True)
class Packs:
    """`chains` holds, for each market, the moments at which the valid packs change and the chain from then on."""

    documents: Mapping[str, Document]
    chains: Mapping[str, tuple[Sequence[datetime], Sequence[Chain | None]]]
    home: str

    def chain(self, market: str, at: datetime) -> Chain | None:
        moments, chains = self.chains.get(market, ((), ()))
        index = bisect_right(moments, at)
        return chains[index - 1] if index else None

    def wording(self, rule: str) -> Wording:
        every = (chain for _, chains in self.chains.values() for chain in reversed(chains) if chain)
        return next(chain.rules[rule].wording for chain in every if rule in chain.rules)


def current() -> Packs:
    """The shipped packs, and those that this installation keeps in its home: read again when a file is added there."""
    own = settings.get()
    return _current(own.home / "packs", own.legal_entity, _changed(own.home / "packs"))


@lru_cache(maxsize=4)
def _current(folder: Path, legal_entity: str, _changed_at: int) -> Packs:
    return load([HERE, folder], legal_entity)


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def load(directories: Iterable[Path], legal_entity: str) -> Packs:
    loaded = build([read(path) for folder in directories for path in sorted(folder.glob("*.yaml"))], legal_entity)
    if not loaded.home:
        raise PackError(
            f"No rule pack belongs to the legal entity {legal_entity!r}. Name one in EINKLANG_LEGAL_ENTITY."
        )
    return loaded


def read(path: Path) -> Document:
    try:
        loaded = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise PackError(f"{path.name} is not YAML: {error}") from error
    document: Document = orjson.loads(orjson.dumps(loaded))  # days and times become text
    check(document, path.name)
    return document


def check(document: Document, name: str) -> None:
    problem = next(_validator().iter_errors(document), None)
    if problem is not None:
        raise PackError(f"{name}, {problem.json_path}: {problem.message}")


def build(documents: Sequence[Document], legal_entity: str | None) -> Packs:
    own = [one for one in documents if one["pack"].get("legal_entity") in (None, legal_entity)]
    markets = {one["pack"]["market"] for one in own if "market" in one["pack"]}
    return Packs(
        documents={name(one): one for one in own},
        chains={market: _timeline(own, market) for market in markets},
        home=_home(own, legal_entity),
    )


def again(documents: Sequence[Document]) -> Packs:
    """The packs as a stored verdict used them."""
    entities = (one["pack"].get("legal_entity") for one in documents)
    return build(documents, next(filter(None, entities), None))


def name(document: Document) -> str:
    head = document["pack"]
    return f"{head['id']}@{head['version']}#{sha256(document)[:16]}"


def sha256(document: Document) -> str:
    return digest(orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


def _home(documents: Sequence[Document], legal_entity: str | None) -> str:
    """The market of the legal entity, which counts for mailboxes, users and anonymous visitors."""
    extended = {one["pack"].get("extends") for one in documents if one["pack"].get("legal_entity") == legal_entity}
    for one in documents:
        if one["pack"]["id"] in extended and "market" in one["pack"]:
            market: str = one["pack"]["market"]
            return market
    return ""


def _timeline(documents: Sequence[Document], market: str) -> tuple[list[datetime], list[Chain | None]]:
    """Every chain is built at load, so that an overlay that loosens stops the start, not a message."""
    days = sorted({one["pack"][key] for one in documents for key in ("valid_from", "valid_to") if key in one["pack"]})
    midnights = [datetime.combine(date.fromisoformat(day), time(), ZONE).astimezone(UTC) for day in days]
    return midnights, [_chain(documents, market, day) for day in days]


def _chain(documents: Sequence[Document], market: str, day: str) -> Chain | None:
    valid = {one["pack"]["id"]: one for one in sorted(documents, key=_order) if _valid(one, day)}
    lineage = [one for one in valid.values() if one["pack"].get("market") == market]
    while lineage and "extends" in lineage[0]["pack"]:
        base = valid.get(lineage[0]["pack"]["extends"])
        if base is None:
            return None
        lineage.insert(0, base)
    if not lineage:
        return None
    known = {one["pack"]["id"] for one in lineage}
    overlays = [one for one in valid.values() if "legal_entity" in one["pack"] and one["pack"].get("extends") in known]
    return _fold(lineage + sorted(overlays, key=lambda one: not one["rules"]))


def _fold(lineage: Sequence[Document]) -> Chain:
    rules: dict[str, dict[str, Any]] = {}
    for document in lineage:
        for rule in document["rules"]:
            if rule["id"] in rules:
                raise PackError(f"{name(document)} replaces {rule['id']}, which it may only tighten.")
            rules[rule["id"]] = rule
        for rule_id, values in document.get("tighten", {}).items():
            rules[rule_id] = _tighter(rules, rule_id, values)
    routes = [route for document in lineage for route in document.get("routes", ())]
    if any("routes" in document for document in lineage[1:]):
        raise PackError("Only the base pack names the ways on which the company may act.")
    return Chain(
        names=tuple(name(document) for document in lineage),
        rules={rule_id: _rule(rule) for rule_id, rule in rules.items()},
        ways=frozenset(
            (a, c, p) for way in routes for a in way["acts"] for c in way["channels"] for p in way["purposes"]
        ),
    )


def _tighter(rules: Mapping[str, dict[str, Any]], rule_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    rule = rules.get(rule_id)
    if rule is None:
        raise PackError(f"{rule_id} is tightened, but no pack below holds it.")
    params = dict(rule.get("params", {}))
    for param, value in values.items():
        if param not in params:
            raise PackError(f"{rule_id} has no parameter {param}.")
        params[param] = tightened(rule_id, param, params[param], value)
    return {**rule, "params": params}


def _rule(entry: Mapping[str, Any]) -> Rule:
    check = RULES.get(entry["id"])
    if check is None:
        raise PackError(f"{entry['id']} stands in a pack, but the gate has no such rule.")
    return Rule(
        id=entry["id"],
        acts=frozenset(entry["acts"]),
        channels=None if entry["channels"] == "all" else frozenset(entry["channels"]),
        purposes=None if entry["purposes"] == "all" else frozenset(entry["purposes"]),
        needs=frozenset(entry["needs"]),
        params={key: _frozen(param["value"]) for key, param in entry.get("params", {}).items()},
        wording=Wording(
            entry["source"], entry["text"], entry["passed"], entry.get("not_asked", NOT_ASKED), entry["way_out"]
        ),
        vectors=entry["vectors"],
        check=check,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _route(rules: Sequence[Rule], channel: str) -> Route:
    fill = {"channel": channel}
    plain = tuple(
        (rule, {kind: Reason(rule.id, kind, rule.wording, fill) for kind in ("pass", "not_asked", "fail")})
        for rule in rules
    )
    return Route(plain, frozenset().union(*(rule.needs for rule in rules)))


def _order(document: Document) -> tuple[str, bool, list[int]]:
    """Of two versions of a pack the later one counts; rules stand before what tightens them."""
    head = document["pack"]
    return head["valid_from"], not document["rules"], [int(part) for part in head["version"].split(".")]


def _valid(document: Document, day: str) -> bool:
    head = document["pack"]
    return head["valid_from"] <= day and ("valid_to" not in head or day < head["valid_to"])


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(orjson.loads((HERE / "pack.schema.json").read_bytes()))
