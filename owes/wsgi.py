import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owes.settings")
os.environ["OWES_SERVES_PAGES"] = "1"  # before the settings are read: they give pages less time

application = get_wsgi_application()
