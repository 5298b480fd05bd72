"""DKIM signatures (RFC 6376, Ed25519 by RFC 8463), relaxed in header and body. Pure but for reading the key's file."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from einklang.core.errors import SettingsError

SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"content-language",
    b"auto-submitted",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)
ONCE_MORE = b"from"  # named a second time, so that nobody can put another sender in front
BITS = 2048
LINE = 72
SPACES = re.compile(rb"[ \t]+")
TRAILING = re.compile(rb"[ \t]+(?=\r\n|\Z)")
END = b"\r\n"


@dataclass(frozen=True, slots=True)
class Key:
    private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

    @property
    def kind(self) -> str:
        return "rsa" if isinstance(self.private, rsa.RSAPrivateKey) else "ed25519"

    @property
    def record(self) -> str:
        """The TXT record by which the world knows this key."""
        return f"v=DKIM1; k={self.kind}; p={self.public}"

    @property
    def public(self) -> str:
        shown = self.private.public_key()
        if isinstance(shown, rsa.RSAPublicKey):
            form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        else:
            form = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return base64.b64encode(shown.public_bytes(*form)).decode()

    def sign(self, content: bytes) -> bytes:
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(hashlib.sha256(content).digest())


@cache
def load(place: Path, _changed: int = 0) -> Key:
    """`_changed` is the file's time, so that a new key is taken without a new start."""
    try:
        private = serialization.load_pem_private_key(place.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{place} holds no private key without a password (PEM).") from error
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size < BITS:
        raise SettingsError(f"The key in {place} has {private.key_size} bits, but mail needs {BITS}.")
    if not isinstance(private, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise SettingsError(f"The key in {place} must be RSA or Ed25519.")
    return Key(private)


def create(place: Path) -> Key:
    """RSA, which every mail server verifies; raises `FileExistsError` where there is one."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    place.touch(mode=0o600, exist_ok=False)
    place.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return Key(private)


def sign(mime: bytes, key: Key, *, domain: str, selector: str, at: datetime) -> bytes:
    """The mail with its signature in front. `at` is the moment that receivers compare with their own clocks."""
    head, _, body = mime.partition(END * 2)
    headers = {name: (name, value) for name, value in _relaxed(head)}
    names = [name for name in SIGNED if name in headers]
    body_hash = b"bh=" + base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest())
    tags = _tags(key, domain, selector, at, [*names, ONCE_MORE])
    unsigned = b"DKIM-Signature: " + b";\r\n ".join([*tags, body_hash, b"b="])
    (own,) = _relaxed(unsigned)
    content = END.join(b":".join(field) for field in [*(headers[name] for name in names), own])
    return unsigned + _folded(base64.b64encode(key.sign(content))) + END + mime


def _tags(key: Key, domain: str, selector: str, at: datetime, names: list[bytes]) -> list[bytes]:
    return [
        f"v=1; a={key.kind}-sha256; c=relaxed/relaxed; d={domain}; s={selector}; t={int(at.timestamp())}".encode(),
        b"h=" + b":".join(names),
    ]


def _relaxed(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each header by its small name, unfolded, with single spaces (RFC 6376 § 3.4.2)."""
    for line in re.split(rb"\r\n(?![ \t])", head):
        name, _, value = line.partition(b":")
        yield name.strip().lower(), SPACES.sub(b" ", value.replace(END, b"")).strip(b" \t")


def _relaxed_body(body: bytes) -> bytes:
    """Without spaces at line ends and without empty lines at the end (RFC 6376 § 3.4.4)."""
    lines = SPACES.sub(b" ", TRAILING.sub(b"", body)).rstrip(END)
    return lines + END if lines else b""


def _folded(signature: bytes) -> bytes:
    return b"\r\n ".join(signature[start : start + LINE] for start in range(0, len(signature), LINE))
