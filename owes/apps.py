from django.apps import AppConfig
from django.core.checks import register
from django.db import models
from django.forms import fields
from django.utils.module_loading import autodiscover_modules

from owes.pdf import check_libraries

EMPTY = "Uzupełnij to pole."


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
