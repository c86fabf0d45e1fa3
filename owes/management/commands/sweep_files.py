import sys
from typing import Any

from django.core.management.base import BaseCommand

from owes.operating.sweeping import find_strays


class Command(BaseCommand):
    help = (
        "Wypisuje pliki, których nie ma w żadnym zapisie, i zapisy, których pliku nie ma. "
        "Niczego nie usuwa; kończy się kodem 1, gdy coś znajdzie."
    )

    def handle(self, **options: Any) -> None:
        strays = find_strays()
        for title, lines in (("Plik bez zapisu", strays.files), ("Zapis bez pliku", strays.rows)):
            for line in lines:
                self.stdout.write(f"{title}: {line}")
        self.stdout.write(strays.sentence)
        if strays.files or strays.rows:
            sys.exit(1)
