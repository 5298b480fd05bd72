"""Builds the demo's world into the home's own database: `python -m einklang.project.demo.build PEOPLE [WITHOUT]`."""

from __future__ import annotations

import os
import sys

import django

from einklang.core import settings
from einklang.project import embedded, running, schema


def main(people: int, without: str | None) -> None:
    with embedded.running(settings.get().home) as url, running.known(EINKLANG_DATABASE_URL=url):
        schema.migrate(url)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
        django.setup()
        from einklang.project.demo import world

        world.build(people, without)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] or None)
