"""What `./run` and `./test` say before they start anything."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings


def say(*command, **environment):
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", ["./run", "./test"])
def test_unfit_python_is_named_with_the_remedy(script):
    result = say(script, PYTHON="/bin/false")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Potrzebny jest Python 3.11 lub nowszy (próbowano: /bin/false)."
        f" Wskaż go tak: PYTHON=/ścieżka/python3.11 {script}\n"
    )


@pytest.mark.parametrize("port", ["", "abc", "0", "65536"])
def test_run_refuses_a_port_that_is_none(port):
    result = say("./run", "--port", port)
    assert (result.returncode, result.stderr) == (2, "Po --port podaj numer od 1 do 65535.\n")


def test_links_of_letters_lead_to_the_port_that_run_was_given():
    script = Path(settings.BASE_DIR, "run").read_text(encoding="utf-8")
    assert "SITE_ADDRESS=http://127.0.0.1:$port" in script


def test_run_explains_its_use():
    result = say("./run", "--prot", "8001")
    assert (result.returncode, result.stderr) == (2, "Użycie: ./run [--port N]\n")


@pytest.mark.parametrize("script", ["run", "test", "relock", "venv.sh", ".ci/run"])
def test_script_parses(script):
    assert say("bash", "-n", script).stderr == ""
