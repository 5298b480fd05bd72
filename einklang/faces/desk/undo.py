"""Taking back: an act leaves word in the session, the next page offers it, and one address undoes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from einklang.core.errors import Conflict, NotAllowed, NotFound
from einklang.faces.desk import acting
from einklang.faces.desk.access import UNDO, Rep, rep_view
from einklang.loop.channels.visit import todo
from einklang.loop.decide import replies
from einklang.services.visits import acts
from einklang.ui.text import t


@dataclass(frozen=True)
class Undo:
    """`what` is one of `ACTS`, `id` the thing that it is about, `source` the task that came along."""

    text: str
    what: str
    id: str
    source: str = ""


def offer(request: HttpRequest, offered: Undo) -> None:
    request.session[UNDO] = asdict(offered)


@require_POST
@rep_view()
def take_back(request: HttpRequest, rep: Rep) -> HttpResponse:
    try:
        act, id_ = ACTS[request.POST.get("what", "")], UUID(request.POST.get("id", ""))
    except (KeyError, ValueError) as error:
        raise Http404 from error
    try:
        with transaction.atomic():
            act(rep, id_, request.POST.get("source", ""))
    except (NotFound, NotAllowed, Conflict):
        messages.warning(request, t("Das lässt sich nicht mehr zurücknehmen.", "This cannot be taken back any more."))
    else:
        messages.success(request, t("Zurückgenommen.", "Taken back."))
    return acting.back(request)


def _reply(rep: Rep, reply: UUID, source: str) -> None:
    replies.undo(rep.cur, reply, rep.user.id, rep.now)
    if source:
        todo.drop(rep.cur, rep.user.id, source, rep.now)


def _open_again(rep: Rep, task: UUID, _: str) -> None:
    todo.move(rep.cur, task, rep.user.id, "open", rep.now)


def _drop_task(rep: Rep, task: UUID, _: str) -> None:
    todo.move(rep.cur, task, rep.user.id, "dropped", rep.now)


def _cancel(rep: Rep, report: UUID, _: str) -> None:
    acts.cancel(rep.cur, report=report, rep=rep.user.id, now=rep.now)


ACTS: dict[str, Callable[[Rep, UUID, str], None]] = {
    "reply": _reply,
    "open_again": _open_again,
    "drop_task": _drop_task,
    "cancel": _cancel,
}
