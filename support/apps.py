from importlib import import_module

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"
    verbose_name = "wsparcie"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        import_module("support.access")
