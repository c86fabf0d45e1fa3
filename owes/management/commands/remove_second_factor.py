from typing import Any

from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser

from owes.models import User
from owes.sign_in.second_factor import remove_from

LETTER = """Dzień dobry,

na serwerze usunięto weryfikację dwuetapową Twojego konta w programie OWES i zakończono jego sesje.
Zaloguj się hasłem i włącz ją od nowa.

Jeżeli nikt Cię o to nie pytał, powiedz o tym od razu administratorowi ośrodka.
"""


class Command(BaseCommand):
    help = (
        "Usuwa weryfikację dwuetapową osoby, która zgubiła telefon i kody zapasowe. Wcześniej "
        "upewnij się, że to ona: zadzwoń albo porozmawiaj na miejscu."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="adres konta")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nie ma konta {options['email']}.")
        if not remove_from(user):
            raise CommandError(f"Konto {user.email} nie ma weryfikacji dwuetapowej.")
        send_mail("Usunięto weryfikację dwuetapową", LETTER, None, [user.email])
        self.stdout.write(f"Usunięto. List o tym poszedł na adres {user.email}.")
