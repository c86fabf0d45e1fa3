"""The plan of the house, held by the parser and the URL resolver rather than by good will."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import URLResolver, get_resolver, reverse

HOUSE = Path(settings.BASE_DIR)
APPS = ["owes", "entities", "support", "indicators"]
# The settings may name every app; the one place of the rules of access names every permission.
WIRING = {"owes/schedule.py", "owes/settings.py", "owes/urls.py"}
ACCESS = "support/access.py"
BANNED_STEMS = {
    "utils",
    "helpers",
    "core",
    "common",
    "selectors",
    "mixins",
    "constants",
    "signals",
}

# Pages of libraries and the health checks: all that a stranger may open.
OPEN = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "owes:healthz",
    "owes:readyz",
    "owes:metrics",
    "owes:security_txt",
    # For calendar programs; the address itself is the key.
    "support:calendar_feed",
}


def sources(app):
    return sorted((HOUSE / app).rglob("*.py"))


def right_of(app):
    return APPS[APPS.index(app) + 1 :]


# The arrow


def reverse_names(app):
    """Names by which models up to `app` reach those of apps to its right."""
    own = [model for left in APPS[: APPS.index(app) + 1] for model in models_of(left)]
    forward = {field.name for model in own for field in model._meta.get_fields() if field.concrete}
    reverse = set()
    for model in own:
        for relation in model._meta.related_objects:
            if relation.related_model._meta.app_label in right_of(app):
                reverse |= {relation.name, relation.get_accessor_name()}
    return reverse - forward - {None}


def models_of(app):
    return apps.get_app_config(app).get_models()


def lookups(tree):
    """Names the ORM may resolve: keywords, attributes, and strings that look like lookups."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg.split("__")
        elif isinstance(node, ast.Attribute):
            yield node.lineno, [node.attr]
        elif isinstance(node, ast.Call):
            for argument in node.args:
                text = getattr(argument, "value", None)
                if isinstance(text, str) and re.fullmatch(r"-?[a-z]\w*", text):
                    yield argument.lineno, text.lstrip("-").split("__")
        elif isinstance(node, ast.Constant) and re.fullmatch(r"-?[a-z]\w*__\w+", str(node.value)):
            yield node.lineno, node.value.lstrip("-").split("__")


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def against_the_arrow(app, source):
    """(line, what) of everything in the source that names an app to the right of `app`."""
    tree = ast.parse(source)
    right = right_of(app)
    backwards = reverse_names(app)
    found = [(line, name) for line, name in imported(tree) if name.split(".")[0] in right]
    found += [
        (line, "__".join(words)) for line, words in lookups(tree) if backwards.intersection(words)
    ]
    pointer = re.compile(rf"({'|'.join(right) or '$.'})\.[A-Za-z_][\w.]*")
    found += [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and pointer.fullmatch(node.value)
    ]
    return sorted(set(found))


@pytest.mark.parametrize("app", APPS)
def test_arrow_points_left(app):
    found = {
        f"{path.relative_to(HOUSE)}:{line}: {what}"
        for path in sources(app)
        if str(path.relative_to(HOUSE)) not in WIRING
        for line, what in against_the_arrow(app, path.read_text(encoding="utf-8"))
        if path != HOUSE / ACCESS or not re.fullmatch(r"indicators\.[a-z_]+", what)
    }
    assert found == set()


@pytest.mark.parametrize(
    "source",
    [
        "from support.models import Service",
        "import indicators.counting.engine",
        "models.ForeignKey('support.Project', models.PROTECT)",
        "Entity.objects.filter({name}__state='x')",
        "Entity.objects.order_by('-{name}__day')",
        "Entity.objects.prefetch_related('{name}')",
        "Q(**{{'{name}__day': day}})",
        "entity.{accessor}.all()",
    ],
)
def test_arrow_is_seen_when_broken(source):
    entity = apps.get_model("entities", "Entity")
    relation = next(
        relation
        for relation in entity._meta.related_objects
        if relation.related_model._meta.app_label == "support"
    )
    source = source.format(name=relation.name, accessor=relation.get_accessor_name())
    assert len(against_the_arrow("entities", source)) == 1


# The rooms

# Rooms of an app from the lowest floor up, each with those that it imports. What stands at the top
# of an app is either below all rooms or above them.
ROOMS = {
    "support": {
        "calendar": set(),
        "roster": {"calendar"},
        "records": {"roster"},
        "attendance": {"roster"},
        "papers": {"roster"},
        "certificates": {"papers", "records"},
        "cards": set(),
        "cooperation": {"records"},
        "staff": {"records"},
        "project": {"records"},
        "hours": {"papers", "records"},
        "evidence": {"papers", "records"},
        "services": {"calendar", "papers", "records", "roster"},
        "scans": {"evidence", "papers", "services"},
        "workbook": {"certificates"},
        "meetings": {"evidence", "roster", "services", "workbook"},
        "retention": set(),
    },
    "indicators": {
        "counting": set(),
        "contract": {"counting"},
        "control": {"counting"},
        "records": {"counting"},
        "reports": {"counting"},
        "checks": {"contract", "counting", "records", "reports"},
        "dashboard": {"checks", "contract", "counting", "records"},
        "closing": {"checks", "contract", "counting", "records", "reports"},
    },
}
BELOW_ROOMS = {
    "support": {"access", "contracts", "labels", "models", "reference", "wording"},
    "indicators": {"catalogue", "models", "plan", "reference"},
}


def place_of(app, module):
    """The room of a module, or what stands at the top of its app: `evidence`, `models`."""
    return module.split(".")[1] if module.startswith(f"{app}.") else None


def imports_between_places(app):
    """{(importing place, imported place)} within an app."""
    found = set()
    for path in sources(app):
        module = ".".join(path.relative_to(HOUSE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            # `from support import wording` names the place after the app.
            names = (
                [node.module] if "." in node.module else [f"{app}.{a.name}" for a in node.names]
            )
            if node.module.split(".")[0] == app:
                found |= {(place_of(app, module), place_of(app, name)) for name in names}
    return {(one, other) for one, other in found if one != other and one != "migrations"}


@pytest.mark.parametrize("app", ROOMS)
def test_rooms_import_only_from_floors_below(app):
    rooms = list(ROOMS[app])
    found = {room: set() for room in rooms}
    for one, other in imports_between_places(app):
        if one in found and other in found:
            found[one].add(other)
    for room, others in found.items():
        print(f"{app}/{room} <- {', '.join(sorted(others)) or 'none'}")  # noqa: T201
    assert found == ROOMS[app]
    assert [
        (room, other)
        for floor, room in enumerate(rooms)
        for other in found[room]
        if other not in rooms[:floor]
    ] == []


@pytest.mark.parametrize("app", ROOMS)
def test_what_is_below_the_rooms_imports_none(app):
    upwards = {
        (one, other)
        for one, other in imports_between_places(app)
        if one in BELOW_ROOMS[app] and other not in BELOW_ROOMS[app]
    }
    assert upwards == set()


@pytest.mark.parametrize("app", ROOMS)
def test_every_folder_is_a_room(app):
    folders = {path.name for path in (HOUSE / app).iterdir() if (path / "__init__.py").exists()}
    assert folders - {"management", "migrations", "models"} == set(ROOMS[app])


# A page is one URL, one view, one template, one test


def patterns(resolver=None, namespace="", converters=None):
    """(qualified name, view, converters of its arguments) of every URL."""
    resolver = resolver or get_resolver()
    for item in resolver.url_patterns:
        known = (converters or {}) | item.pattern.converters
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from patterns(item, inner, known)
        else:
            groups = dict.fromkeys(item.pattern.regex.groupindex)
            yield f"{namespace}{item.name}", item.callback, groups | known


OURS = [
    (name, view)
    for name, view, _ in patterns()
    if view.__module__.split(".")[0] in APPS and not hasattr(view, "view_class")
]


def unwrapped(view):
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


def allowed_methods(view):
    """Methods let through by `require_http_methods` or its kin among the decorators."""
    while True:
        names = view.__code__.co_freevars
        for name, cell in zip(names, view.__closure__ or [], strict=True):
            if name == "request_method_list":
                return set(cell.cell_contents)
        if not hasattr(view, "__wrapped__"):
            return {"GET", "POST"}
        view = view.__wrapped__


def templates_of(view):
    """Templates named by the view and by the functions of its module that it calls, in order."""
    view = unwrapped(view)
    tree = ast.parse(Path(view.__code__.co_filename).read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found, waiting, seen = [], [view.__name__], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                found.append(node.value)
            elif isinstance(node, ast.Name) and node.id in functions and node.id not in seen:
                waiting.append(node.id)
    return list(dict.fromkeys(found))


def is_partial(template):
    return Path(template).name.startswith("_")


def room_of(view):
    """Where a view, its template and its test stand: `support/evidence`; else the app itself."""
    app, *room = unwrapped(view).__module__.split(".")[:-1]
    return "/".join([app, *(name for name in room if name != "views")])


def page_template(name, view):
    """The template a page is to have; None for POST actions, partials and downloads."""
    page = name.rpartition(":")[2]
    named = templates_of(view)
    if "GET" not in allowed_methods(view) or all(map(is_partial, named)):
        return None
    noun, _, act = page.rpartition("_")
    stem = f"{noun}_form" if act in {"create", "edit"} else page
    return f"{room_of(view)}/{stem}.html"


def test_names_of_urls_and_views_agree():
    assert [name for name, view in OURS if name.rpartition(":")[2] != view.__name__] == []


def test_url_belongs_to_the_app_of_its_view():
    strays = [
        (name, view.__module__)
        for name, view in OURS
        if name.split(":")[0] != view.__module__.split(".")[0]
    ]
    assert strays == []


def test_pages_are_functions():
    classes = [
        name
        for name, view, _ in patterns()
        if hasattr(view, "view_class") and name.split(":")[0] in APPS
    ]
    assert classes == []


def test_page_has_its_template():
    wrong = {}
    for name, view in OURS:
        expected = page_template(name, view)
        whole = [template for template in templates_of(view) if not is_partial(template)]
        if expected and (whole != [expected] or not (HOUSE / "templates" / expected).exists()):
            wrong[name] = (expected, whole)
    assert wrong == {}


def test_page_has_its_test():
    missing = []
    for name, view in OURS:
        test = HOUSE / "tests" / room_of(view) / f"test_{name.rpartition(':')[2]}.py"
        if page_template(name, view) and not test.exists():
            missing.append(str(test.relative_to(HOUSE)))
    assert missing == []


def test_every_template_of_an_app_is_used():
    code = [path.read_text(encoding="utf-8") for app in APPS for path in sources(app)]
    pages = [path.read_text(encoding="utf-8") for path in (HOUSE / "templates").rglob("*.*")]
    used = "\n".join(code + pages)
    unused = [
        name
        for app in APPS
        for path in sorted((HOUSE / "templates" / app).rglob("*.html"))
        if f'"{(name := str(path.relative_to(HOUSE / "templates")))}"' not in used
    ]
    assert unused == []


# A form keeps what is typed, is saved once and compares versions (owes/editing.py)

# They save no record: a report is ordered by a token of its own, a supposition is in the address.
OTHER_FORMS = {"indicators:report_list", "indicators:what_if", "owes:components"}
OTHER_FORMS |= {"support:queue"}  # decides about records, types nothing new
OTHER_FORMS |= {"support:paper_list"}
OTHER_FORMS |= {"support:import_columns"}  # chosen of lists, types nothing
# A browser sends a file once and keeps no draft of it; the checksum lets the same one in once.
OTHER_FORMS |= {"support:record_evidence", "support:scan_list", "support:scan_detail"}
OTHER_FORMS |= {"support:meeting_report_create"}


def test_page_of_a_form_keeps_what_is_typed():
    """Decorate the view by `form_page`, ask `editing.is_ready`, include both partials."""
    wrong = {}
    for name, view in OURS:
        template = page_template(name, view)
        text = (HOUSE / "templates" / template).read_text(encoding="utf-8") if template else ""
        if name in OTHER_FORMS or "components/error_summary.html" not in text:
            continue
        found = {
            "form_page": getattr(view, "is_form_page", False),
            "data-draft": len(re.findall(r"<form [^>]*\bdata-draft\b", text)) == 1,
            "editing_notices.html": "components/editing_notices.html" in text,
            "editing_fields.html": "components/editing_fields.html" in text,
        }
        if missing := [what for what, is_there in found.items() if not is_there]:
            wrong[name] = missing
    assert wrong == {}


def test_page_that_saves_says_so():
    """A function that asks `is_ready` of its editing calls `saved`, itself or in what it calls."""
    silent = []
    for app in APPS:
        for path in sources(app):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
                calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
                called = {getattr(call, "attr", getattr(call, "id", "")) for call in calls}
                if "is_ready" in called and not called & {"saved", "save_knowingly"}:
                    silent.append(f"{path.relative_to(HOUSE)}:{function.lineno}")
    assert silent == []


# What a closed report said is changed only with a reason (owes/change_reasons.py)

# Actions that no number of a report hangs on, by app.
UNCOUNTED = {
    # An anonymisation moves no number: tests/owes/privacy/test_forgetting.py.
    "owes": {
        *("components", "job_retry", "session_end"),
        *("anonymisation_approve", "anonymisation_withdraw"),
    },
    "entities": {
        *("entity_twins", "entity_duplicate_dismiss", "entity_duplicate_recall"),
        *("person_twins", "person_duplicate_dismiss", "person_duplicate_recall"),
    },
    "support": {
        *("service_sign", "service_accept", "service_paste_drop", "mine"),
        *("record_evidence", "evidence_judge", "evidence_release", "meeting_report_create"),
        "evidence_withdraw",
        "evidence_requirement_delete",
        # Of entries that nothing uses.
        *("service_type_delete", "theme_delete", "adoption_kind_delete"),
        # Of services not approved yet, which count nowhere.
        *("service_attendance", "attendance_mark"),
        *("scan_list", "scan_detail", "scan_attach", "scan_sign", "scan_discard"),
        *("certificate_cancel", "certificate_print", "paper_list", "meeting_paper_list"),
        *("monthly_sheet_submit", "monthly_sheet_approve", "monthly_sheet_return"),
        "monthly_sheet_withdraw",
        *("project_archive", "project_restore", "project_delete", "retention_approve"),
        *("calendar_feed_create", "calendar_feed_revoke", "membership_invite"),
        # Long work asks by itself: `support/workbook/imports.py`.
        *("import_list", "import_columns", "import_answer", "import_empty", "import_reading"),
        *("import_part", "import_save", "import_undo"),
    },
    "indicators": {
        *("report_list", "report_verify", "what_if"),
        *("check_run", "finding_accept", "finding_withdraw"),
        *("report_close", "report_send", "report_correct", "report_discard"),
        *("control_finish", "contract_load"),
    },
}


def takes_a_post(view):
    """Whether something is ever sent to the view: a page has a form, or reads what was sent."""
    methods = allowed_methods(view)
    if "GET" not in methods:
        return True
    pages = [(HOUSE / "templates" / one).read_text(encoding="utf-8") for one in templates_of(view)]
    forms = [tag for page in pages for tag in re.findall(r"<form [^>]*>", page)]
    own = [tag for tag in forms if 'method="post"' in tag and "action=" not in tag]
    return "POST" in methods and (
        "request.POST" in inspect.getsource(unwrapped(view)) or bool(own)
    )


def marks(view):
    """Attributes that the decorators of a view left on it."""
    found = dict(vars(view))
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
        found = vars(view) | found
    return found


def test_what_may_change_a_closed_report_asks_why():
    """A page by `form_page`, an action by `asks_why`; what is not counted stands above."""
    unguarded = {
        name
        for name, view in OURS
        if takes_a_post(view)
        and not {"is_form_page", "asks_why"} & marks(view).keys()
        and name.partition(":")[2] not in UNCOUNTED.get(name.partition(":")[0], ())
    }
    assert unguarded == set()


# Strangers


def address(name, converters):
    """The URL with arguments that only look right: a stranger is stopped before the view."""
    samples = ["1", "x", "pes", "2024-01-01", "2024-01", "00000000-0000-0000-0000-000000000000"]
    arguments = {
        argument: next(
            converter.to_python(sample)
            for sample in samples
            if re.fullmatch(converter.regex, sample)
        )
        if converter
        else "x"
        for argument, converter in converters.items()
    }
    return reverse(name, kwargs=arguments)


@pytest.mark.usefixtures("db")
def test_stranger_is_sent_to_sign_in(client):
    opened = set()
    sign_in = reverse("account_login")
    for name, _, converters in patterns():
        if name == "None":
            continue
        response = client.get(address(name, converters))
        if response.status_code != 302 or not response.url.startswith(sign_in):
            opened.add(name)
    assert opened == OPEN


# Files


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_name_no_host(name):
    text = (HOUSE / name).read_text(encoding="utf-8")
    assert re.findall(r"(?:https?|file)://|--(?:extra-)?index|--find-links", text) == []


def test_lock_files_agree():
    """Everything the program runs on has the same release in the tests."""
    locked = [
        set(re.findall(r"^[\w.-]+==\S+", (HOUSE / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ["requirements.txt", "requirements-dev.txt"]
    ]
    assert locked[0] - locked[1] == set()


INLINE = re.compile(
    r"""\sstyle\s*=            # the policy forbids them all: a style attribute,
    |<style\b
    |<script(?![^>]*\ssrc=)    # a script in the page,
    |\son[a-z]+\s*=\s*["']     # a handler in an attribute,
    |javascript:
    |(?:src|srcset|poster|action)\s*=\s*["'](?:https?:)?//   # anything loaded from outside
    |<link[^>]+href\s*=\s*["'](?:https?:)?//
    """,
    re.VERBOSE | re.IGNORECASE,
)


def test_templates_keep_the_content_policy():
    found = [
        f"{path.relative_to(HOUSE)}: {match.group().strip()}"
        for path in sorted((HOUSE / "templates").rglob("*.*"))
        for match in INLINE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="//example.org/a.png">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
    ],
)
def test_broken_content_policy_is_seen(markup):
    assert len(INLINE.findall(markup)) == 1


def test_static_files_that_templates_name_exist():
    """With the manifest of production a missing one is an error 500, in the tests a bare 404."""
    named = {
        match[1]
        for path in (HOUSE / "templates").rglob("*.html")
        for match in re.finditer(
            r"""{%\s*static\s+["']([^"']+)["']""", path.read_text(encoding="utf-8")
        )
    }
    assert [name for name in sorted(named) if finders.find(name) is None] == []


# No project is in the program: the contract that it knows and the demonstration are data.
OF_A_PROJECT = {
    "support/contracts.py",
    "indicators/reference.py",
    "support/workbook/demonstration.py",
    "templates/account/login.html",  # the password of the demonstration's accounts
}


def said_by(path):
    """What a file of the program may say to people: the texts of code, all of a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [text]
    tree = ast.parse(text)
    nodes = [tree, *(node for node in ast.walk(tree) if hasattr(node, "body"))]
    documented = {ast.get_docstring(node, clean=False) for node in nodes if is_documented(node)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and text not in documented]


def is_documented(node):
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)


def test_the_program_names_no_project():
    files = [path for app in APPS for path in sources(app) if path.parent.name != "migrations"]
    files += [
        path
        for folder in ("templates", "static")
        for path in (HOUSE / folder).rglob("*.*")
        if path.is_file()
    ]
    naming = {
        str(path.relative_to(HOUSE))
        for path in files
        if any("sputnik" in text.lower() for text in said_by(path))
    }
    assert naming == OF_A_PROJECT


def test_files_are_named_for_their_subject():
    found = [
        str(path.relative_to(HOUSE))
        for app in APPS
        for path in (HOUSE / app).rglob("*")
        if path.stem in BANNED_STEMS or (path.name == "services.py" and path.parent.name == app)
    ]
    assert found == []


TRIGGERED = {"owes/apps.py", "indicators/apps.py"}


def test_no_signals_and_no_generic_relations():
    banned = re.compile(r"django\.(db\.models\.signals|dispatch|contrib\.contenttypes\.fields)")
    found = [
        f"{path.relative_to(HOUSE)}:{line}"
        for app in APPS
        for path in sources(app)
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8")))
        # Triggers are made after every migration, and by nothing else.
        if banned.fullmatch(name) and path.relative_to(HOUSE).as_posix() not in TRIGGERED
    ]
    assert found == []
