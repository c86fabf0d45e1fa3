from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections, models
from django.db.models.signals import post_migrate, pre_migrate
from django.forms import fields
from django.utils.module_loading import autodiscover_modules

from owes.pdf import check_libraries

EMPTY = "Uzupełnij to pole."
TRIGGERS = ("owes.looks.triggers", "owes.chain.triggers")


class OwesConfig(AppConfig):
    name = "owes"
    verbose_name = "ośrodek"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # One wording of an empty field, whosever form it is in (docs/slownictwo.md).
        fields.Field.default_error_messages["required"] = EMPTY
        for name in ("blank", "null"):
            models.Field.default_error_messages[name] = EMPTY
        register(check_libraries)
        # Handlers of long work live in the apps to the right, which `owes` may not name.
        autodiscover_modules("jobs")
        pre_migrate.connect(uninstall_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)


def uninstall_triggers(using: str, plan: Any, **_: Any) -> None:
    """A migration may change the tables under them: SQLite makes such a table anew."""
    if plan:
        for module in TRIGGERS:
            import_module(module).uninstall(connections[using])


def install_triggers(using: str, **_: Any) -> None:
    for module in TRIGGERS:
        import_module(module).install(connections[using])
