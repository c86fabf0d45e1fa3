from importlib import import_module

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "wskaźniki"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        import_module("indicators.jobs")
        import_module("indicators.counting.refreshing")
        pre_migrate.connect(uninstall_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)


def uninstall_triggers(using, plan, **_):
    """A migration may change the tables under them: SQLite makes such a table anew."""
    if plan:
        import_module("indicators.counting.triggers").uninstall(connections[using])


def install_triggers(using, **_):
    import_module("indicators.counting.triggers").install(connections[using])
