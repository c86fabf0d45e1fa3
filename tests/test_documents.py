"""What the documents name is there: files, modules, pages, settings, commands and links."""

import ast
import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, get_commands, load_command_class
from django.utils.module_loading import import_string

from tests.test_house import APPS, HOUSE, patterns

FOLDERS = [*APPS, "templates", "static", "tests", "bench", "docs", "deploy", ".github", ".ci"]
DOCUMENTS = sorted(
    [*HOUSE.glob("*.md"), *(page for folder in FOLDERS for page in (HOUSE / folder).rglob("*.md"))]
)
# Made by whoever runs the program, so not in the repository.
MADE = {".venv", ".env", "uv.lock", "var", "var/"}
# Words of other programs and of reading aloud: Django's, docker's, SQL's, JSON's, the licence's.
OF_OTHERS = {
    "django.contrib.admin",
    "apps.get_model",
    "pre-commit",
    "python3-venv",
    "popover",
    "POSTGRES_PASSWORD",
    "database",
    "NULL",
    "LEAST",
    "GREATEST",
    "CASE",
}


def name_of(document):
    return str(document.relative_to(HOUSE))


def text_of(document):
    return document.read_text(encoding="utf-8")


def blocks(text):
    """`(language, lines)` of each fenced block."""
    for language, body in re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield language, body.splitlines()


def prose(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def spans(text):
    """What stands in backticks, outside of blocks; a table's cell writes `\\|` for a bar."""
    return [
        span.replace("\\|", "|") for span in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose(text))
    ]


@cache
def paths():
    """Every file and folder of the house as `/owes/views.py`, to be known by its end."""
    found = [path for folder in FOLDERS for path in (HOUSE / folder).rglob("*")]
    found += [path for path in HOUSE.iterdir() if path.name not in MADE]
    return [f"/{path.relative_to(HOUSE)}" for path in found if "__pycache__" not in path.parts]


@cache
def words():
    """Every word of the code, the templates and the scripts, but not of this test."""
    kinds = {".py", ".html", ".js", ".txt", ".yml", ".toml", ".csv", ".sh", ""}
    kinds |= {".conf", ".service", ".example"}
    files = [HOUSE / path.lstrip("/") for path in paths()]
    found = set()
    for path in files:
        if path.is_file() and path.suffix in kinds and path != Path(__file__):
            found.update(re.findall(r"\w+", text_of(path)))
    return found


@cache
def pages():
    return {name for name, _, _ in patterns()}


# Names


def is_path(span):
    is_file = re.search(r"\.(?:py|md|html|toml|ya?ml|txt|json|csv|js|css|sh|png)$", span)
    return bool(re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*/?", span) and ("/" in span or is_file))


def is_command(span):
    """Begins with a program, or with a variable given to one; a file alone is only named."""
    first, _, rest = span.partition(" ")
    known = any(re.fullmatch(name, first) for name in READERS)
    return (known and (rest or not is_path(span))) or bool(re.match(r"[A-Z_]+=\S+ ", span))


def path_is_there(span, document):
    if span in MADE or (document.parent / span).exists():
        return True
    return any(path.endswith("/" + span.removeprefix("./").strip("/")) for path in paths())


def dotted_is_there(span):
    try:
        import_module(span)
    except ImportError:
        try:
            import_string(span)
        except ImportError:
            return False
    return True


def is_there(span, document):
    """Whether what a document says in backticks exists here, by what kind of name it is."""
    if span in OF_OTHERS or re.fullmatch(r"\W*\w?\W*|</?\w+>", span):
        return True
    if is_command(span):
        return fault(span, is_whole=False) is None
    if re.fullmatch(rf"(?:{'|'.join(APPS)}):\w+", span):
        return span in pages()
    if is_path(span):
        return path_is_there(span, document)
    if re.fullmatch(rf"(?:{'|'.join(APPS)})(?:\.\w+)+", span):
        return dotted_is_there(span)
    return set(re.findall(r"[A-Za-z_]\w{3,}", span)) <= words() | {"slug"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_what_is_named_is_there(document):
    assert [span for span in spans(text_of(document)) if not is_there(span, document)] == []


@pytest.mark.parametrize(
    "span",
    [
        "owes/no_such.py",
        "no_such.py",
        "support:no_such",
        "owes.no_such.name",
        "NO_SUCH_SETTING",
        "no_such_function()",
        "manage.py no_such",
        "manage.py check_data --no-such",
        "./run --no-such",
        "docker compose run --rm no_such python manage.py migrate",
    ],
)
def test_what_is_not_there_is_seen(span):
    assert not is_there(span, HOUSE / "README.md")


# Links


def anchors(text):
    """The names under which a page shows its headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(document):
    """`(address as written, file, anchor)` of links to this repository."""
    for address in re.findall(r"\]\(([^)\s]+)\)", prose(text_of(document))):
        if not address.startswith(("http://", "https://", "mailto:")):
            page, _, anchor = address.partition("#")
            yield address, (document.parent / page).resolve() if page else document, anchor


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document):
    broken = [
        address
        for address, page, anchor in links(document)
        if not page.exists() or (anchor and anchor not in anchors(text_of(page)))
    ]
    assert broken == []


def test_every_document_is_led_to():
    linked = {page for document in DOCUMENTS for _, page, _ in links(document)}
    linked |= {page / "README.md" for page in linked if page.is_dir()}
    folders = {page for page in linked if page.is_dir()}
    lost = [
        name_of(page)
        for page in DOCUMENTS
        if page.parent in (HOUSE, HOUSE / "docs", HOUSE / "docs/decisions")
        and page not in linked
        and page.parent not in folders
        and page != HOUSE / "README.md"
    ]
    assert lost == []


# Commands


def commands(document):
    """Lines of blocks without a language, without what explains them."""
    for language, lines in blocks(text_of(document)):
        if not language:
            yield from (re.sub(r"\s+#.*", "", line).strip() for line in lines if line.strip())


def fault(line, is_whole=True):
    """What is wrong with a command line, or None; nothing is done but reading its arguments.

    Of a line that is not whole, what it leaves out is not asked for.
    """
    line = line.removesuffix(" ...")
    try:
        _read(shlex.split(line), is_whole)
    except (AssertionError, CommandError) as error:
        return f"{line}: {error}"
    return None


def _read(tokens, is_whole):
    while tokens and re.fullmatch(r"[A-Z_]+=.*", tokens[0]):
        assert tokens[0].partition("=")[0] in words(), "nobody reads this variable"
        tokens = tokens[1:]
    if tokens:
        program, *rest = tokens
        readers = [reader for name, reader in READERS.items() if re.fullmatch(name, program)]
        assert readers, "unknown program"
        readers[0](program, rest, is_whole)


def _read_management(program, arguments, is_whole):
    if not arguments:
        return
    name, *rest = arguments
    assert name in get_commands(), "no such command"
    command = get_commands()[name]
    command = load_command_class(command, name) if isinstance(command, str) else command
    parser = command.create_parser("manage.py", name)
    if rest or is_whole:
        parser.parse_args(rest)


def _read_python(program, arguments, is_whole):
    if arguments[:2] == ["-m", "pytest"]:
        _read_tests(program, arguments[2:], is_whole)
    elif arguments[:1] == ["-m"]:
        _try([sys.executable, *arguments])
    else:
        _read(arguments, is_whole)


def _read_tool(program, arguments, is_whole):
    _try([Path(sys.executable).parent / Path(program).name, *arguments])


def _read_tests(program, arguments, is_whole):
    for argument in arguments:
        if argument.startswith("tests/"):
            file, _, test = argument.partition("::")
            assert (HOUSE / file).exists(), "no such test file"
            assert not test or f"def {test}(" in text_of(HOUSE / file), "no such test"
        else:
            marks = set(re.findall(r"\w+", argument)) - {"m", "not", "and"}
            assert marks <= {"browser", "pdf"}, "unknown argument"


def _read_script(program, arguments, is_whole):
    script = HOUSE / program
    assert os.access(script, os.X_OK), "no such script"
    for argument in arguments:
        assert argument.isdecimal() or argument in text_of(script), "unknown argument"


def _read_compose(program, arguments, is_whole):
    services = re.findall(r"^  (\w+):$", text_of(HOUSE / "docker-compose.yml"), re.MULTILINE)
    assert arguments[0] == "compose"
    if "run" in arguments:
        service, *command = arguments[arguments.index("run") + 2 :]
        assert service in services, "no such service"
        _read(command, is_whole)


def _read_package(program, arguments, is_whole):
    assert arguments[-1] in text_of(HOUSE / ".ci/run"), "not needed by .ci/run"


def _read_python_file(program, arguments, is_whole):
    source = text_of(HOUSE / program)
    ast.parse(source)
    chosen = [argument for argument in arguments if re.fullmatch(r"[a-z-]+", argument)]
    assert all(f'"{argument}"' in source for argument in chosen), "unknown argument"


def _read_folder(program, arguments, is_whole):
    """A line of the map of the house: a folder and what is in it."""
    assert (HOUSE / program).is_dir(), "no such folder"


def _try(command):
    """`--help` at the end: what stands before it is read, and nothing is done."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    tried = subprocess.run(
        [*command, "--help"], cwd=HOUSE, env=environment, capture_output=True, check=False
    )
    assert tried.returncode == 0, tried.stderr.decode()


READERS = {
    r"manage\.py": _read_management,
    r"python|\.venv/bin/python": _read_python,
    r"\.venv/bin/(?:ruff|djlint)": _read_tool,
    r"\./test": _read_tests,
    r"\./(?:run|relock)|\.ci/run": _read_script,
    r"docker": _read_compose,
    r"apt-get": _read_package,
    r"\w+/\w+\.py": _read_python_file,
    r"\w+/": _read_folder,
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_are_understood(document):
    assert [wrong for line in commands(document) if (wrong := fault(line))] == []


@pytest.mark.parametrize(
    "line",
    [
        "manage.py report --project sputnik-ii",
        ".venv/bin/ruff check --no-such .",
        ".venv/bin/djlint --no-such templates",
        "./test tests/owes/no_such.py",
        "./test tests/owes/test_periods.py::test_no_such",
        "NO_SUCH_VARIABLE=1 ./run",
        "./no-such",
    ],
)
def test_a_wrong_command_is_seen(line):
    assert fault(line)


def test_the_readme_says_how_to_run_and_test():
    for name in ("README.md", "README.pl.md"):
        lines = list(commands(HOUSE / name))
        assert {"./run", "./test"} <= set(lines)


def test_the_readme_names_every_command():
    own = {name for name, app in get_commands().items() if app in APPS}
    named = {
        line.split()[1] for line in commands(HOUSE / "README.md") if line.startswith("manage.py ")
    }
    assert own - named == {"load_demo", "new_database"}  # parts of ./run


def test_examples_in_python_parse():
    examples = [
        "\n".join(lines)
        for document in DOCUMENTS
        for language, lines in blocks(text_of(document))
        if language == "python"
    ]
    assert [type(ast.parse(example)) for example in examples] == [ast.Module] * len(examples)


# The architecture


def test_the_architecture_names_every_room():
    text = text_of(HOUSE / "docs/architecture.md")
    rooms = {
        folder.name
        for app in ("support", "indicators")
        for folder in (HOUSE / app).iterdir()
        if {path.name for path in folder.glob("*.py")} > {"__init__.py"}
    }
    assert rooms - {"models", "migrations"} - set(spans(text)) == set()


def test_the_architecture_names_every_seam():
    """Settings of our own that name a function of an app."""
    text = text_of(HOUSE / "docs/architecture.md")
    of_libraries = {"MIDDLEWARE", "CELERY_BEAT_SCHEDULE"}
    seams = {
        name
        for name in dir(settings)
        if name.isupper()
        and re.search(r"'?(?:entities|support|indicators)\.\w+\.\w+", str(getattr(settings, name)))
    }
    assert seams - of_libraries - set(spans(text)) == set()


# What other programs read


def test_the_metadata_lead_to_what_is_there():
    project = tomllib.loads(text_of(HOUSE / "pyproject.toml"))["project"]
    assert (HOUSE / project["readme"]).exists()
    assert project["license"] == "EUPL-1.2"
    assert "EUPL-1.2" in text_of(HOUSE / "README.md")


def test_hooks_and_workflow_call_what_is_here():
    hooks = re.findall(
        r"^ +entry: (.+)$", text_of(HOUSE / ".pre-commit-config.yaml"), re.MULTILINE
    )
    programs = {hook.split()[0] for hook in hooks}
    assert programs == {".venv/bin/ruff", ".venv/bin/djlint", ".venv/bin/python"}
    named = [word for hook in hooks for word in hook.split() if word.startswith("tests/")]
    assert [name for name in named if not (HOUSE / name).exists()] == []
    steps = re.findall(
        r"^ +- run: (.+)$", text_of(HOUSE / ".github/workflows/ci.yml"), re.MULTILINE
    )
    assert steps == [".ci/run"]
