"""Files that leave an import: samples, refused rows, and the list of what was changed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from einklang.bridges.imports import batches, files, registry, samples
from einklang.bridges.imports.files import Format
from einklang.core.errors import Conflict
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.imports import pages
from einklang.facts.audit import trail
from einklang.ui import locale

TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
PAGE = 50


@require_safe
@studio_view(pages.ACT)
def sample(request: HttpRequest, agent: Agent, kind: str, form: str) -> HttpResponse:
    if form not in samples.FORMATS:
        raise Http404
    definition = registry.kind(kind)
    name = definition.label.in_(locale.current()).lower()
    return _file(f"{name}.{form}", samples.FORMATS[form], samples.rows(definition, locale.current()))


@require_safe
@studio_view(pages.ACT)
def errors(request: HttpRequest, agent: Agent, batch: UUID) -> HttpResponse:
    found = pages.of_kind(agent, batches.get(agent.cur, batch))
    try:
        rows = list(batches.errors(agent.cur, found, locale.current()))
    except Conflict as gone:
        raise Http404 from gone
    with transaction.atomic():
        taken = trail.Act(act="import.errors", object=f"import:{batch}", who=agent.user.id, new={"rows": len(rows) - 1})
        trail.write(agent.cur, [taken], agent.now)
    return _file(f"fehler-{found.filename.rpartition('.')[0]}.{found.format['kind']}", batches.format_of(found), rows)


@require_safe
@studio_view(pages.ACT)
def changes(request: HttpRequest, agent: Agent, batch: UUID) -> HttpResponse:
    found = pages.of_kind(agent, batches.get(agent.cur, batch))
    given = request.GET.get("nach", "")
    after = int(given) if given.isdecimal() and len(given) < 18 else 0
    rows = batches.changes(agent.cur, batch, after=after, limit=PAGE)
    following = rows[-1].id if len(rows) == PAGE else None
    return page(
        request,
        agent,
        "import_changes",
        batch=found,
        rows=pages.changed(agent, found, rows),
        following=following,
        after=after,
    )


def _file(name: str, format: Format, rows: Iterable[Sequence[str]]) -> HttpResponse:
    out = io.BytesIO()
    files.write(format, rows, out)
    answer = HttpResponse(out.getvalue(), content_type=TYPES[format.kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{_plain(name)}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _plain(name: str) -> str:
    """A header takes no quotation marks and no umlauts."""
    kept = name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return "".join(char for char in kept if char.isascii() and (char.isalnum() or char in "-_. ")) or "import"
