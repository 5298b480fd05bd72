from __future__ import annotations

from einklang.core import clock, ids


def test_an_id_is_a_version_7_uuid_of_the_present_time() -> None:
    made = ids.new()
    assert made.version == 7
    assert abs((made.int >> 80) / 1000 - clock.real_now().timestamp()) < 5


def test_ids_do_not_repeat() -> None:
    assert len({ids.new() for _ in range(10_000)}) == 10_000


def test_a_digest_is_sha_256() -> None:
    assert ids.digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
