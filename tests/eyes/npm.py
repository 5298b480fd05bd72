"""Packages of Node that only tests use, installed once into var/npm by name and version."""

from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2] / "var" / "npm"
VERSIONS = {
    "axe-core": "4.14.1",
    "lighthouse": "12.8.2",
    "@segment/analytics-node": "3.1.0",
    "@segment/analytics-next": "1.84.3",
    "@rudderstack/rudder-sdk-node": "3.0.13",
    "@rudderstack/analytics-js": "3.34.1",
    "@jitsu/js": "1.11.0",
}


def package(name: str) -> Path:
    """Its folder. Raises `CalledProcessError` with npm's words where it cannot be installed."""
    folder = ROOT / "node_modules" / name
    ROOT.mkdir(parents=True, exist_ok=True)
    with (ROOT / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "package.json").exists():
            wanted = f"{name}@{VERSIONS[name]}"
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(ROOT), wanted], check=True)
    return folder
