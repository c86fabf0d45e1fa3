from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules


class OwesConfig(AppConfig):
    name = "owes"
    verbose_name = "ośrodek"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from owes import pdf

        register(pdf.check_libraries)
        # Handlers of long work live in the apps to the right, which `owes` may not name.
        autodiscover_modules("jobs")
