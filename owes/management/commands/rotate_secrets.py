from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand, CommandError, CommandParser

from owes.formatting import plural
from owes.sign_in.second_factor import rotate_secrets


class Command(BaseCommand):
    help = "Szyfruje sekrety drugiego kroku logowania najnowszym kluczem (docs/bezpieczenstwo.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-key", action="store_true", help="wypisuje nowy klucz i nic nie zmienia"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(Fernet.generate_key().decode())
            return
        changed, unreadable = rotate_secrets()
        self.stdout.write(f"Zaszyfrowano {plural(changed, 'sekret,sekrety,sekretów')}.")
        if unreadable:
            raise CommandError(
                f"Żaden klucz nie czyta {plural(unreadable, 'sekretu,sekretów,sekretów')}. "
                "Dopisz dawny klucz do SECRETS_KEYS."
            )
