from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class LoginConfig(AppConfig):
    name = "einklang.faces.login"
    label = "login"

    def ready(self) -> None:
        from allauth.mfa import signals

        signals.authenticator_added.connect(_added)
        signals.authenticator_removed.connect(_removed)


def _added(**kwargs: Any) -> None:
    _note("user.factor.add", **kwargs)


def _removed(**kwargs: Any) -> None:
    _note("user.factor.remove", **kwargs)


def _note(act: str, *, user: Any, authenticator: Any, **_: Any) -> None:
    from django.db import transaction

    from einklang.core import clock
    from einklang.core.connection import cursor
    from einklang.facts.audit import trail

    told = trail.Act(
        act=act, object=f"user:{user.id}", who=user.id, field="factor", new=authenticator.type, source="account"
    )
    with transaction.atomic():
        trail.write(cursor(), [told], clock.now())
