"""The files that production is started from name what the settings read, and nothing else."""

import ast
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from django.conf import settings

HOUSE = Path(settings.BASE_DIR)
# Read by the files of Docker, not by the program.
OF_COMPOSE = {"COMPOSE_PROFILES", "SITE_NAME", "PORT", "POSTGRES_PASSWORD"}
# Set by the program itself.
OF_PROGRAM = {"OWES_SERVES_PAGES"}
UNITS = sorted((HOUSE / "deploy/systemd").glob("*.service"))


def names_read():
    """The first words of the calls of `environment` in the settings."""
    tree = ast.parse((HOUSE / "owes/settings.py").read_text(encoding="utf-8"))
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and "environment" in ast.dump(call.func) and call.args
        if isinstance(call.args[0], ast.Constant)
    }


def names_explained():
    text = (HOUSE / ".env.example").read_text(encoding="utf-8")
    return re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)


def test_every_setting_is_explained_once():
    explained = names_explained()
    assert len(explained) == len(set(explained))
    read = names_read() | {"SECRET_KEY"}
    assert set(explained) == (read - OF_PROGRAM) | OF_COMPOSE


@pytest.fixture
def compose():
    return yaml.safe_load((HOUSE / "docker-compose.yml").read_text(encoding="utf-8"))


def test_compose_asks_for_what_is_explained(compose):
    text = (HOUSE / "docker-compose.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert asked - set(names_explained()) == set()
    given = set(compose["services"]["web"]["environment"])
    assert given - set(names_explained()) == {"XDG_CACHE_HOME", "FORWARDED_ALLOW_IPS"}


def test_every_service_is_asked_how_it_is_and_none_may_write_where_it_need_not(compose):
    for name, service in compose["services"].items():
        asks = "healthcheck" in service or name in {"web", "proxy"}  # the image's own
        assert (name, asks) == (name, True)
        assert (name, service.get("read_only", False)) == (name, name != "database")
    mounted = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    files = {each for each in mounted if each.startswith("./")}
    assert mounted - files == set(compose["volumes"])
    assert [each for each in files if not (HOUSE / each).is_file()] == []


def test_units_of_systemd_run_what_compose_runs(compose):
    commands = {}
    for path in UNITS:
        unit = ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read(path, encoding="utf-8")
        words = unit["Service"]["ExecStart"].split()
        commands[path.stem.removeprefix("owes-")] = [Path(words[0]).name, *words[1:]]
        assert unit["Service"]["EnvironmentFile"] == "/etc/owes/owes.env"
        assert unit["Service"]["ProtectSystem"] == "strict"
    assert commands["worker"] == compose["services"]["worker"]["command"]
    assert commands["beat"] == compose["services"]["beat"]["command"]
    image = (HOUSE / "Dockerfile").read_text(encoding="utf-8").partition("\nCMD ")[2]
    of_image = ast.literal_eval(image.replace("\\\n", ""))
    own = {"0.0.0.0:8000", "127.0.0.1:8000", "--graceful-timeout", "30"}
    assert [word for word in commands["web"] if word not in own] == [
        word for word in of_image if word not in own
    ]
