from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from einklang.project import running
from einklang.project.embedded import Cluster
from einklang.project.running import Server


def test_whoever_ends_takes_back_only_what_it_announced(cluster: Cluster, tmp_path: Path) -> None:
    own = Server(os.getpid(), "http://localhost:8000", cluster.database_url("postgres"))
    running.announce(tmp_path, own)
    assert running.find(tmp_path) == own
    later = replace(own, pid=os.getppid())  # the next version, beside this one
    running.announce(tmp_path, later)
    running.withdraw(tmp_path)
    assert running.find(tmp_path) == later
    running.announce(tmp_path, own)
    running.withdraw(tmp_path)
    running.withdraw(tmp_path)
    assert running.find(tmp_path) is None
