"""Django's settings for tests: a home of its own per test process, fast password hashes, plain static files."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "EINKLANG_TESTS_CHILD" not in os.environ:  # a process that a test starts keeps what the test gave it
    for inherited in [name for name in os.environ if name.startswith("EINKLANG_")]:
        del os.environ[inherited]
    HOME = tempfile.mkdtemp(prefix="einklang-home-")
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    os.environ["EINKLANG_HOME"] = HOME
    shutil.copy(Path(__file__).parents[1] / "einklang/project/demo/company.json", HOME)
    os.environ["EINKLANG_SECRET_KEY"] = "only-for-tests-" * 4

from einklang.project.settings import *  # noqa: F403
from einklang.project.settings import STORAGES

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
