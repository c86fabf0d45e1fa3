"""Every setting, read from the environment, top to bottom.

Safe by default: only OWES_DEMO=1 and DEBUG=1 loosen anything.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from owes import environment
from owes.operating.log_lines import logging_settings
from owes.schedule import CELERY_BEAT_SCHEDULE  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var")

# DEMO: invented data, an own key and plain http on this machine; every page says so.
DEMO = environment.flag("OWES_DEMO")
DEBUG = environment.flag("DEBUG")
HTTPS = environment.flag("HTTPS", default=not (DEMO or DEBUG))
# The sample page of all components is for those who change the program.
SHOWS_COMPONENTS = DEMO or DEBUG

SECRET_KEY = environment.secret_key(VAR_DIR / "secret_key" if DEMO else None)
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.names("CSRF_TRUSTED_ORIGINS")
# Encrypt the secrets of the second step: the first writes, all read (owes/sign_in/secrets.py).
SECRETS_KEYS = environment.fernet_keys("SECRETS_KEYS")
# Where people open the program: links of letters that no request asked for begin with it.
SITE_ADDRESS = environment.env("SITE_ADDRESS", default="") or next(
    iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000"
)

# Whom strangers tell of a hole: /.well-known/security.txt, which is not there without it.
SECURITY_CONTACT = environment.contact("SECURITY_CONTACT")

# Programme

INSTALLED_APPS = [
    "owes",
    "entities",
    "support",
    "indicators",
    "js_lib_bootstrap5",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_tables2",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "owes.operating.metrics.Measured",
    "owes.operating.access_log.AccessLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "owes.middleware.private_pages",
    "owes.middleware.readable_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "owes.sign_in.middleware.keeps_session",
    "owes.middleware.whole_page_sign_in",
    "owes.middleware.kept_typing",
    "owes.middleware.SignInAgain",
    "owes.looks.log.LoggedLooks",
    "support.middleware.WithheldTexts",
    "support.middleware.ArchivedProjects",
    "allauth.account.middleware.AccountMiddleware",
    "owes.sign_in.middleware.TellsToWait",
    "django.contrib.messages.middleware.MessageMiddleware",
    "owes.sign_in.middleware.AsksForSecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "owes.urls"
WSGI_APPLICATION = "owes.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "owes.formatting",
                "owes.frame",
                "owes.links",
                "owes.marking",
                "owes.operating.absence",
                "owes.operating.access_log",
                "owes.page_parts",
                "entities.labels",
                "support.labels",
                "support.evidence.labels",
                "support.papers.labels",
                "indicators.records.labels",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "owes.frame.frame",
                "owes.backups.views.backup_notice",
                "indicators.checks.notices.finding",
            ],
        },
    }
]

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# The centre's name until an administrator saves it on its page.
CENTRE = environment.env("CENTRE", default="OWES")

# What a page opened in the background reads as (owes/lists/opening.py)
READING = "support.middleware.reading"
# What apps to the right put on every page (owes/frame.py)
FRAME_PROJECT = "support.frame.project"
FRAME = ["indicators.frame.menu", "support.frame.menu"]
# The steps of a new project, in their order (support/project/steps.py)
PROJECT_STEPS = [
    "support.project.steps.CONTRACT",
    "support.project.steps.AREA",
    "indicators.contract.steps.INDICATORS",
    "support.project.steps.SCHEDULE",
    "support.project.steps.TEAM",
]
# What a project made on the pattern of another takes besides (support/project/copying.py)
PROJECT_COPIES = ["indicators.contract.copying.copy_indicators"]
SEARCHES = ["entities.search.find", "support.search.find", "indicators.search.find"]
CARD_TABS = {
    "entity": [
        "entities.frame.entity_tabs",
        "support.frame.entity_tabs",
        "indicators.frame.entity_tabs",
    ],
    "person": [
        "entities.frame.person_tabs",
        "support.frame.person_tabs",
        "entities.frame.person_last_tabs",
    ],
}
CARD_ACTIONS = {
    "entity": ["entities.frame.entity_actions", "support.frame.entity_actions"],
    "person": ["support.frame.person_actions"],
}

# What a change would do to the numbers; named here because `owes` may not import `indicators`.
REHEARSAL_EFFECTS = "indicators.records.effects.of"
REHEARSAL_PROJECTS = "indicators.records.effects.projects"
# What closed reports said, and where the reason for changing it is kept (owes/change_reasons.py).
REPORTS_WATCH = "indicators.reports.touched_reports.Watch"
# What names an entry of a dictionary, so that it stays (support/models/dictionaries.py).
RULES_NAMING = "indicators.contract.dictionary_rules.naming"
REPORTED_REASON = "indicators.reports.touched_reports.keep"
# Whom a text may name (owes/personal_data.py).
PEOPLE_NAMED = "entities.models.person.names"
# Records that can be anonymised; what each app empties of one; files that lose the names; names
# that may be of others; why the data of one are still kept (owes/privacy/).
ANONYMISED = ["entities.person", "support.staffmember", "owes.user"]
FORGETTERS = [
    "entities.forgetting.forget",
    "support.forgetting.forget",
    "indicators.forgetting.forget",
    "owes.privacy.leftovers.forget",
]
REDACTORS = ["support.forgetting.redact_imported"]
ALL_NAMES = [PEOPLE_NAMED, "support.forgetting.staff_names", "owes.privacy.leftovers.names"]
DATA_KEPT = [
    "entities.forgetting.kept",
    "support.retention.keeping.kept",
    "indicators.forgetting.kept",
]
# The names of the triggers of a database, by its vendor: `manage.py doctor` looks for them.
TRIGGER_NAMES = [
    "owes.looks.triggers.names",
    "owes.chain.triggers.names",
    "indicators.counting.triggers.names",
]
# Of whom the second step is demanded (owes/sign_in/second_factor.py).
ASKED_FOR_SECOND_FACTOR = "support.access.is_asked_for_second_factor"
# Whose words a password is not made of (owes/sign_in/passwords.py).
NAMES_OF_PROJECTS = "support.models.project.names_of_projects"

# Data

# How long PostgreSQL works on one question and waits for one lock, in seconds; jobs and commands
# have more time than pages, which owes/wsgi.py says to be.
if environment.flag("OWES_SERVES_PAGES"):
    STATEMENT_TIMEOUT = environment.whole_number("STATEMENT_TIMEOUT", 20)
    LOCK_TIMEOUT = environment.whole_number("LOCK_TIMEOUT", 5)
else:
    STATEMENT_TIMEOUT = environment.whole_number("JOB_STATEMENT_TIMEOUT", 900)
    LOCK_TIMEOUT = environment.whole_number("JOB_LOCK_TIMEOUT", 60)
DATABASES = {
    "default": environment.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'owes.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA foreign_keys=ON;",
    }
else:
    # Compiling a counting query takes PostgreSQL fifteen times as long as running it.
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": DATABASES["default"].get("OPTIONS", {})
        | {
            "connect_timeout": 5,
            "options": f"-c jit=off -c statement_timeout={STATEMENT_TIMEOUT}s "
            f"-c lock_timeout={LOCK_TIMEOUT}s",
        },
    }
# Of the role that `history_grants --apply` makes on PostgreSQL, which is not the owner's.
PROGRAM_PASSWORD = environment.token("PROGRAM_PASSWORD")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = environment.folder("MEDIA_ROOT", VAR_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o600
# Who shows it reads numbers for Prometheus at /metrics; without it there are none.
METRICS_TOKEN = environment.token("METRICS_TOKEN")
METRICS_DIR = environment.metrics_folder(VAR_DIR)
# Megabytes: with fewer left on a disk the program says that it is not ready (/readyz).
DISK_RESERVE = environment.whole_number("DISK_RESERVE", 500)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a roster of 400 people is one form

# Backups: the folder of the nightly one (none: it is not made), the public keys of age whose owner
# may read it, and how many days, weeks and months keep their last one

BACKUP_DIR = environment.optional_folder("BACKUP_DIR")
BACKUP_KEYS = environment.names("BACKUP_KEYS")
BACKUP_KEEP = environment.numbers("BACKUP_KEEP", (14, 8, 24))
BACKUP_NUMBERS = "indicators.counting.verifying.numbers_by_day"

REDIS_URL = environment.redis_url("REDIS_URL")
# What is counted of letters and changed passwords, and used codes: all processes see it, and
# signing in works when Redis does not.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "owes_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# Long work; the row of `owes.Job` is what is true, the broker only wakes a worker

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 1200,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost/"
    BROKER_DIR = environment.folder("BROKER_DIR", VAR_DIR / "broker")
    (BROKER_DIR / "messages").mkdir(exist_ok=True)
    (BROKER_DIR / "control").mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 900
CELERY_TASK_TIME_LIMIT = 960
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Warsaw"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# Accounts: an administrator or a coordinator makes them, nobody signs up

AUTH_USER_MODEL = "owes.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "owes.sign_in.backend.SignInBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "owes.sign_in.passwords.GuessedFirstValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "owes.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords and codes are counted by owes/sign_in/tries.py.
ACCOUNT_RATE_LIMITS = dict.fromkeys(["login", "login_failed", "reauthenticate", "change_password"])
ACCOUNT_FORMS = {"change_password": "owes.sign_in.forms.ChangePasswordForm"}
MFA_FORMS = {
    "authenticate": "owes.sign_in.forms.AuthenticateForm",
    "reauthenticate": "owes.sign_in.forms.ReauthenticateForm",
}
MFA_ADAPTER = "owes.sign_in.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OWES"
MFA_ALLOW_UNVERIFIED_EMAIL = True

EMAIL_CONFIG = environment.email("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.env("DEFAULT_FROM_EMAIL", default="owes@localhost")

# The wire

SESSION_ENGINE = "owes.sign_in.sessions"  # when a session ends is written there
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# How many proxies of ours a request passes, each adding to X-Forwarded-For.
PROXIES = environment.count("BEHIND_PROXY")
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = environment.folder("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "ico", "woff", "woff2", "gz", "br"]
STORAGES = {
    "default": {"BACKEND": "owes.operating.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Language and logs. One language: LocaleMiddleware would answer an English browser in English.

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", "Polski")]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True

LOGGING = logging_settings(is_readable=DEMO or DEBUG)
