"""No engine runs in the tests, so what a container is told is read: each command, variable and path is real."""

from __future__ import annotations

import re
import shlex
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import typer.main
import yaml

from einklang.project import cli
from tests.shape.house import ROOT, sources

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "einklang"}
CONTAINERFILE = (ROOT / "Containerfile").read_text()
EXAMPLE = (ROOT / "compose.env.example").read_text()
# Of the compose specification, as far as we use it.
TOP = {"name", "services", "volumes", "x-house"}
KEYS = {
    "build", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "ports",
    "profiles", "read_only", "restart", "security_opt", "shm_size", "stop_grace_period", "tmpfs", "user", "volumes",
}  # fmt: skip
HEALTH = {"test", "interval", "timeout", "retries", "start_period"}
GUIDES = ("operations.md", "administrator.md")
WRITTEN = re.compile(r"`(einklang [^`]+)`|^(?:\$ )?((?:docker compose .*)?\beinklang [a-z][^#\n]*)", re.MULTILINE)
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")


def wrong(line: str) -> str | None:
    """What of a command line does not exist; None where all of it does."""
    words = shlex.split(line.replace("…", ""))[1:]
    here: Any = typer.main.get_command(cli.app)
    while words and words[0] in getattr(here, "commands", {}):
        here, words = here.commands[words[0]], words[1:]
    if hasattr(here, "commands") and (not here.invoke_without_command or (words[:1] != [] and words[0][:2] != "--")):
        return f"{line}: {words[:1]}"
    known = {option for each in here.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    return f"{line}: {unknown}" if unknown else None


def test_the_services_are_what_the_specification_knows() -> None:
    assert set(COMPOSE) <= TOP
    assert {name: set(service) - KEYS for name, service in SERVICES.items() if set(service) - KEYS} == {}
    assert [name for name, each in SERVICES.items() if set(each.get("healthcheck", {})) - HEALTH] == []
    used = {volume.partition(":")[0] for each in SERVICES.values() for volume in each["volumes"]}
    assert used == set(COMPOSE["volumes"])
    needed = {name for each in SERVICES.values() for name in each.get("depends_on", {})}
    assert {name for name in needed if "healthcheck" not in SERVICES[name]} == set()


@pytest.mark.parametrize("name", OURS)
def test_what_a_service_runs_is_a_command_of_ours(name: str) -> None:
    assert wrong(shlex.join(OURS[name]["command"])) is None


def test_health_is_asked_where_it_is_answered() -> None:
    for name in ("web", "worker"):
        assert wrong(shlex.join(OURS[name]["healthcheck"]["test"][1:])) is None
    assert OURS["web"]["healthcheck"]["test"][-1] == OURS["web"]["command"][OURS["web"]["command"].index("--port") + 1]


def test_what_is_asked_of_a_container_has_no_blanks() -> None:
    """Podman's side of the Docker API takes a word apart where it has one."""
    asked = [word for each in SERVICES.values() for word in each.get("healthcheck", {}).get("test", [])]
    assert [word for word in asked if len(word.split()) != 1] == []


def test_a_proxy_before_the_engine_is_believed_and_nobody_outside() -> None:
    """Else production sends everybody to HTTPS for ever: no proxy seems to speak it."""
    told = SERVICES["web"]["environment"]["FORWARDED_ALLOW_IPS"]
    believed = [ip_network(network) for network in told.split(",")]
    from_gateways = [ip_address(each) for each in ("172.18.0.1", "10.89.0.1", "127.0.0.1")]
    assert all(any(gateway in network for network in believed) for gateway in from_gateways)
    assert not any(network.is_global for network in believed)


def test_nobody_is_root_and_the_root_file_system_is_read_only() -> None:
    for service in OURS.values():
        assert service["user"] == "10001:10001"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    stage = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", stage, re.MULTILINE)
    assert "useradd --uid 10001" in stage


def test_every_variable_is_one_that_the_house_reads() -> None:
    read = set(re.findall(r"EINKLANG_[A-Z_]+", " ".join(sources().values())))
    told = set(re.findall(r"\bEINKLANG_[A-Z_]+", (ROOT / "compose.yaml").read_text() + EXAMPLE + CONTAINERFILE))
    assert told - read == set()


def test_secrets_come_from_the_environment_alone() -> None:
    filled = [line for line in EXAMPLE.splitlines() if SECRET.search(line.partition("=")[0]) and line[-1] != "="]
    assert [line for line in filled if not line.startswith("#")] == []
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    assert asked <= set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert "compose.env" in (ROOT / ".gitignore").read_text().split()
    assert [
        line for line in CONTAINERFILE.splitlines() if line.startswith(("ENV", "ARG")) and SECRET.search(line)
    ] == []


def test_the_image_is_built_from_what_is_there() -> None:
    ignored = (ROOT / ".containerignore").read_text()
    assert (ROOT / ".dockerignore").read_text() == ignored
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE) for word in line.split()
    ]
    assert [each for each in copied if not (ROOT / each).exists() or f"!{each.removeprefix('./')}" not in ignored] == []
    bases = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert {base.count("/") for base in bases} == {0}  # a plain name; whose registry it is, the machine says
    (command,) = re.findall(r"^CMD (.*)$", CONTAINERFILE, re.MULTILINE)
    assert wrong(shlex.join(yaml.safe_load(command))) is None


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_of_the_guides_exists(guide: str) -> None:
    found = [inline or line for inline, line in WRITTEN.findall((ROOT / "docs" / guide).read_text())]
    lines = [line[line.index("einklang ") :] for line in found]
    assert len(lines) > 5
    assert [fault for line in lines if (fault := wrong(line))] == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert wrong("einklang backup drill") is None
    assert wrong("einklang backup --sideways")
    assert wrong("einklang lanes dance")
