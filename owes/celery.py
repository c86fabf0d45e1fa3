"""The one Celery application; `celery -A owes` finds it. Its settings are those of Django."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owes.settings")

app = Celery("owes")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["owes"], related_name="jobs")
