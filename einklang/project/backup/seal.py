"""The keys of a home leave it only sealed, by a passphrase of the environment."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from einklang.core.errors import SettingsError
from einklang.project.backup.errors import BadBackup

VARIABLE = "EINKLANG_BACKUP_KEY"
SECRETS = ("secret_key", "dkim.pem")
SALT, NONCE = 16, 12
SHORTEST = 20


def passphrase() -> str | None:
    told = os.environ.get(VARIABLE) or None
    if told and len(told) < SHORTEST:
        raise SettingsError(f"{VARIABLE} is too short: it must have at least {SHORTEST} characters.")
    return told


def secrets(home: Path) -> list[Path]:
    return [home / name for name in SECRETS if (home / name).exists()]


def close(home: Path, word: str) -> bytes:
    plain = orjson.dumps({each.name: each.read_text() for each in secrets(home)})
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    return salt + nonce + AESGCM(_key(word, salt)).encrypt(nonce, plain, None)


def open_(sealed: bytes, word: str) -> dict[str, str]:
    salt, nonce, closed = sealed[:SALT], sealed[SALT : SALT + NONCE], sealed[SALT + NONCE :]
    try:
        told: dict[str, str] = orjson.loads(AESGCM(_key(word, salt)).decrypt(nonce, closed, None))
    except InvalidTag as error:
        raise BadBackup(f"{VARIABLE} does not open the keys of this backup. Set the one it was made with.") from error
    return {name: told[name] for name in SECRETS if name in told}


def _key(word: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(word.encode())
