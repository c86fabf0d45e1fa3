"""The settings of the program as the tests run them: its defaults plus an own place for files."""

import os
import tempfile
from contextlib import suppress

FOLDER = tempfile.mkdtemp(prefix="owes-tests-")
os.environ.update(
    SECRET_KEY="for tests only, and long enough for the length that settings ask",
    VAR_DIR=FOLDER,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
    REDIS_URL="",
    EMAIL_URL="memorymail://",
    HTTPS="0",
)
for name in ["OWES_DEMO", "DEBUG", "MEDIA_ROOT", "STATIC_ROOT", "ALLOWED_HOSTS"]:
    with suppress(KeyError):
        del os.environ[name]

from owes.settings import *  # noqa: E402, F403
from owes.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A server set up without a locale makes databases of bytes, not of letters.
    DATABASES["default"]["TEST"] = {"TEMPLATE": "template0", "CHARSET": "UTF8"}

# Tests walk over the sample page as over every other page; production does not serve it.
SHOWS_COMPONENTS = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True
# The names of the files as they are: no `collectstatic` before a test run.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
