"""Django's settings for tests: a home of its own per process, fast password hashes, plain static files."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

HOME = tempfile.mkdtemp(prefix="einklang-home-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["EINKLANG_HOME"] = HOME
os.environ["EINKLANG_SECRET_KEY"] = "only-for-tests-" * 4
for inherited in ("EINKLANG_DATABASE_URL", "EINKLANG_DEMO", "EINKLANG_ENV", "EINKLANG_SMTP_URL", "EINKLANG_PUBLIC_URL"):
    os.environ.pop(inherited, None)

from einklang.project.settings import *  # noqa: E402, F403
from einklang.project.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
