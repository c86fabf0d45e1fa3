"""The addresses of imports, for tests."""

from django.urls import reverse

LIST = reverse("support:import_list", args=["sputnik-ii"])


def page(row, act="detail"):
    return reverse(f"support:import_{act}", args=["sputnik-ii", row.pk])
