"""The reviewer's page: the text with its comments, what has to be opened, and the signature."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.core.errors import Conflict, InputError, NotAllowed, NotFound
from einklang.core.words import speak
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.approval import passages
from einklang.faces.studio.content import pages as head
from einklang.faces.studio.content import preview, words
from einklang.facts.content import references, sign
from einklang.facts.content.read import Version
from einklang.facts.people import read as people
from einklang.facts.products import read as products
from einklang.services.approval import acts, comments, evidence
from einklang.services.approval.acts import NotReady
from einklang.ui import locale, proof
from einklang.ui.components import Steps
from einklang.ui.text import t

EVIDENCE = {
    evidence.DIFFERENCE: ("Vergleich mit der Fassung davor", "Comparison with the version before", "content-compare"),
    evidence.REFERENCES: ("Aussagen und Belege", "Claims and references", "content-references"),
    evidence.SMPC: ("Aktuelle Fachinformation", "Current Fachinformation", "content-smpc"),
}


@dataclass(frozen=True)
class Wrong:
    """Why an act was refused, at which field; what was typed stays."""

    field: str = ""
    text: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("proof", "credential")
@studio_view("content.comment")
def review(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    content = acts.get(agent.cur, version)
    if content.state != "draft":
        return redirect("studio:content-detail", version=version)
    if request.method != "POST":
        return _show(request, agent, content, Wrong())
    try:
        done = _done(request, agent, content)
    except InputError as error:
        return _show(request, agent, content, Wrong(error.field, _said(error)), status=422)
    except NotReady as error:
        return _show(request, agent, content, Wrong("opened", " ".join(map(_said, error.problems))), status=422)
    except (Conflict, NotAllowed) as error:
        fresh = acts.get(agent.cur, version)
        return _show(request, agent, fresh, Wrong("base", speak(error.args[0], locale.current())), status=409)
    messages.success(request, done)
    return redirect("studio:tasks")


@require_POST
@studio_view("content.comment")
def comment(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    content, told = acts.get(agent.cur, version), request.POST
    try:
        with transaction.atomic():
            if parent := told.get("parent"):
                comments.reply(agent.cur, _id(parent), text=told.get("text", ""), user=agent.user.id, now=agent.now)
            else:
                comments.add(
                    agent.cur, content, locale=told.get("locale", ""), path=told.get("path", ""),
                    quote=told.get("quote", ""), text=told.get("text", ""), user=agent.user.id, now=agent.now,
                )  # fmt: skip
    except InputError as error:
        return _show(request, agent, content, Wrong(f"comment-{told.get('path', '')}", _said(error)), status=422)
    return redirect(f"{request.path.removesuffix('comment')}review#{_anchor(told.get('path', ''))}")


@require_POST
@studio_view("content.comment")
def settle(request: HttpRequest, agent: Agent, version: UUID, comment: UUID) -> HttpResponse:
    """Settles a comment, or opens it again: each is the undo of the other."""
    with transaction.atomic():
        if request.POST.get("act") == "reopen":
            comments.reopen(agent.cur, version, comment)
        else:
            comments.resolve(agent.cur, version, comment, user=agent.user.id, now=agent.now)
    return redirect("studio:review", version=version)


@require_safe
@studio_view("content.read")
def proofs(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    """Claims with what they stand on; opening it is what a reviewer has to have done."""
    content = acts.get(agent.cur, version)
    _opened(agent, content, evidence.REFERENCES)
    texts = [
        (name, [(each, references.complete(each), references.line(each, name)) for each in body.get("references", ())],
         body.get("claims", ()))
        for name, body in content.body.items()
    ]  # fmt: skip
    return page(request, agent, "content_references", **head.frame(agent, content), texts=texts)


@require_safe
@studio_view("content.read")
def smpc(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    """The Fachinformation that is valid now, beside the one that the text stands on."""
    content = acts.get(agent.cur, version)
    if content.authorisation is None:
        raise NotFound(acts.NOT_THERE)
    current = products.smpc_valid(agent.cur, [content.authorisation], agent.now).get(content.authorisation)
    _opened(agent, content, evidence.SMPC)
    return page(
        request,
        agent,
        "content_smpc",
        **head.frame(agent, content),
        product=products.product(agent.cur, [content.authorisation])[content.authorisation],
        current=current,
        body=products.smpc_body(agent.cur, current.id) if current else "",
    )


def _opened(agent: Agent, content: Version, what: str) -> None:
    if agent.may("content.review") and content.state == "draft":
        with transaction.atomic():
            evidence.opened(agent.cur, content, what, agent.user.id, agent.now)


def _done(request: HttpRequest, agent: Agent, content: Version) -> str:
    """Carries the one act of the form out, in one transaction."""
    told = request.POST
    act, role, base = told.get("act", ""), told.get("role", ""), told.get("base", "")
    if act == "approve":
        method = proof.check(request, told.get("proof", ""), told.get("credential", ""))
        with transaction.atomic():
            if told.get("declaration"):
                evidence.declare(agent.cur, agent.user.id, acts.DECLARATION.in_(locale.current()), agent.now)
            released = acts.approve(
                agent.cur, content.id, role=role, base=base, user=agent.user.id, method=method, now=agent.now
            )
        return (
            t("Unterschrieben und freigegeben.", "Signed and released.")
            if released
            else t("Unterschrieben.", "Signed.")
        )
    with transaction.atomic():
        acts.send_back(
            agent.cur, content.id, role=role, base=base, user=agent.user.id, reason=told.get("reason", ""),
            reject=act == "reject", now=agent.now,
        )  # fmt: skip
    return t("Zurückgegeben. Die Verfasser haben Ihren Grund.", "Sent back. The authors have your reason.")


def _show(request: HttpRequest, agent: Agent, content: Version, wrong: Wrong, status: int = 200) -> HttpResponse:
    roles = acts.roles_of(agent.cur, content, set(agent.user.roles))
    seen = evidence.seen(agent.cur, content, agent.user.id, agent.now)
    threads = comments.threads(agent.cur, content.id)
    language = request.GET.get("sprache", "")
    shown = language if language in content.body else next(iter(content.body))
    return page(
        request,
        agent,
        "review",
        **head.frame(agent, content),
        status=status,
        language=shown,
        languages=[
            (name, t("Deutsch", "German") if name == "de" else t("Englisch", "English")) for name in content.body
        ],
        passages=passages.of(content, shown, threads, _names(agent, threads)),
        steps=Steps(items=words.steps(content, sign.signatures(agent.cur, [content.id]).get(content.id, []))),
        roles=[(name, words.role(name), t(*words.MEANINGS[name])) for name in roles[:1]],
        evidence=[(t(*EVIDENCE[what][:2]), f"studio:{EVIDENCE[what][2]}", at) for what, at in seen.items()],
        ready=None not in seen.values(),
        declared=evidence.declared(agent.cur, agent.user.id),
        declaration=acts.DECLARATION.in_(locale.current()),
        unresolved=comments.unresolved(agent.cur, content.id),
        mandatory=preview.mandatory(agent.cur, content),
        wrong=wrong,
        passkey=proof.passkey_options(agent.user) if roles and None not in seen.values() else None,
        proof_error=wrong.text if wrong.field == proof.FIELD else "",
        told=request.POST,
    )


def _names(agent: Agent, threads: list[comments.Comment]) -> dict[UUID, str]:
    said = [*threads, *(reply for thread in threads for reply in thread.replies)]
    return {user.id: user.name for user in people.users(agent.cur, {each.author for each in said}).values()}


def _said(error: InputError) -> str:
    language = locale.current()
    return f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip()


def _anchor(path: str) -> str:
    return passages.anchor(path)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(comments.NOT_THERE) from error
