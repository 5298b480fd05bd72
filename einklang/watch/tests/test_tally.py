"""What processes count is one sum, also of those that have died since."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from einklang.watch import tally

COUNT = """
from einklang.watch import tally
tally.request("pages", 200, 0.01)
tally.request("pages", 404, 0.01)
tally.request("live", 200, None)
tally.events(3, 1)
tally.turn("timers", 500, 0.4)
tally.turn("timers", 0, 0.001)
tally.turn("outbox", 0, 0.2, failed=True)
"""
NOBODY_ASKS = """
import sys
from einklang.watch import tally
tally.events(3, 1)
sys.exit("prometheus_client" in sys.modules)
"""


def test_two_processes_count_into_one_sum(tmp_path: Path) -> None:
    for _ in range(2):
        run(COUNT, **{tally.PLACE: str(tmp_path)})
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(tmp_path))  # type: ignore[no-untyped-call]
    told = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines(generate_latest(registry))}
    assert told['einklang_http_requests_total{side="pages",status="2xx"}'] == 2
    assert told['einklang_http_request_seconds_count{side="pages"}'] == 4
    assert 'einklang_http_request_seconds_count{side="live"}' not in told
    assert told['einklang_intake_events_total{answer="accepted"}'] == 6
    assert told['einklang_station_items_total{station="timers"}'] == 1000
    assert told['einklang_station_turns_total{outcome="done",station="timers"}'] == 2, "an empty look is no turn"
    assert told['einklang_station_turns_total{outcome="failed",station="outbox"}'] == 2


def test_where_nobody_collects_nothing_is_loaded() -> None:
    run(NOBODY_ASKS)


def test_a_disk_without_room_costs_the_counters_and_not_the_process() -> None:
    run(COUNT, **{tally.PLACE: "/dev/full"})


def test_every_byte_of_a_counters_file_is_there_before_it_is_written(tmp_path: Path) -> None:
    run(COUNT, **{tally.PLACE: str(tmp_path)})
    assert [file.stat().st_size for file in tmp_path.iterdir()] == [tally.ROOM] * 2, "none grew"
    assert all(file.stat().st_blocks * 512 >= tally.ROOM for file in tmp_path.iterdir()), "none has holes"


def run(program: str, **more: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != tally.PLACE} | more
    subprocess.run([sys.executable, "-c", program], env=env, check=True)


def lines(page: bytes) -> list[str]:
    return [line for line in page.decode().splitlines() if not line.startswith("#")]
