import sys
from typing import Any

from django.core.management.base import BaseCommand

from owes.operating.doctor import Level, diagnoses


class Command(BaseCommand):
    help = (
        "Sprawdza ustawienia, biblioteki, bazę, kolejkę, kopie, zegar i dysk; nic nie zmienia. "
        "Kończy się kodem 1, gdy coś jest do naprawy."
    )
    # What Django refuses to start with is told as one of the lines.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        found = diagnoses()
        for each in found:
            self.stdout.write(f"[{each.level.words}] {each.part}: {each.sentence}")
            if each.remedy:
                self.stdout.write(f"    {each.remedy}")
        if any(each.level is Level.WRONG for each in found):
            sys.exit(1)
