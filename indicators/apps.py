from importlib import import_module

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "wskaźniki"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        import_module("indicators.jobs")
