"""The REST interface: what other systems may ask and do with a token, thin over the rooms of the house."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.parser import Parser
from pydantic.json_schema import models_json_schema

from einklang.faces.api.rest import (
    consents,
    document,
    happened,
    house,
    people,
    problems,
    requests,
    shapes,
    verdicts,
)
from einklang.faces.api.rest.frame import ApiToken


class Strict(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """RFC 8259 to the letter: no NaN, no half characters."""
        try:
            return orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise HttpError(400, "The body is not JSON.") from error


class Api(NinjaAPI):
    def get_openapi_schema(self, *, language: str = "en", **places: Any) -> Any:
        told = super().get_openapi_schema(**places)
        _, models = models_json_schema([(shapes.Problem, "serialization")], ref_template="#/components/schemas/{model}")
        told["components"]["schemas"] |= models["$defs"]
        return document.spoken(document.completed(told, self.scopes()), language)

    def scopes(self) -> dict[str, str]:
        """By operation; one that needs no token is missing."""
        views = (view for router in self._get_bound_routers() for view in router.path_operations.values())
        operations = [operation for view in views for operation in view.operations]
        found = ((each.operation_id, auth) for each in operations for auth in each.auth_callbacks)
        return {str(name): auth.scope for name, auth in found if isinstance(auth, ApiToken)}


api = Api(
    title="Einklang",
    version="1.0",
    docs_url=None,
    openapi_url=None,
    urls_namespace="rest",
    parser=Strict(),
    servers=[],
)
problems.install(api)
for part in (people, consents, verdicts, happened, house, requests):
    api.add_router("", part.router)


@api.get("/health", response=shapes.Health, tags=["health"], operation_id="health")
def health(request: HttpRequest) -> dict[str, str]:
    return {"status": "ok"}
