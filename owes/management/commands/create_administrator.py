import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from owes.models import User

NO_TERMINAL = "Hasło wpisuje się w terminalu. Uruchom polecenie w nim, bez potoku."


class Command(BaseCommand):
    help = (
        "Zakłada konto administratora: zwykle pierwsze na nowym serwerze. Pyta o adres, imię i "
        "nazwisko i hasło. Administrator nie widzi danych osób."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="adres e-mail, którym się loguje")
        parser.add_argument("--name", help="imię i nazwisko")

    def handle(self, *, email: str | None, name: str | None, **options: Any) -> None:
        try:
            user = User(email=self._asked("Adres e-mail: ", "email", email))
            user.name = self._asked("Imię i nazwisko: ", "name", name)
            password = self._password(user)
        except (EOFError, getpass.GetPassWarning):
            raise CommandError(NO_TERMINAL) from None
        except KeyboardInterrupt:
            raise CommandError("Przerwano. Konta nie założono.") from None
        User.objects.create_superuser(user.email, password, name=user.name)
        self.stdout.write(f"Założono konto administratora {user.email}. Zaloguj się nim.")

    def _asked(self, question: str, field: str, given: str | None) -> str:
        """The value of a field: of the option, which must be right, or asked for until it is."""
        while True:
            text = " ".join((input(question) if given is None else given).split())
            user = User(**{field: text.lower() if field == "email" else text})
            others = [each.name for each in User._meta.fields if each.name != field]
            try:
                user.clean_fields(exclude=others)
                user.validate_unique(exclude=others)
            except ValidationError as error:
                self._refused(error, is_final=given is not None)
            else:
                return getattr(user, field)

    def _password(self, user: User) -> str:
        while True:
            password = getpass.getpass("Hasło (nie widać go przy pisaniu): ")
            try:
                validate_password(password, user)
            except ValidationError as error:
                self._refused(error)
                continue
            if getpass.getpass("Hasło jeszcze raz: ") == password:
                return password
            self.stderr.write("Hasła się różnią. Wpisz je od nowa.")

    def _refused(self, error: ValidationError, is_final: bool = False) -> None:
        sentences = " ".join(error.messages)
        if is_final:
            raise CommandError(sentences)
        self.stderr.write(sentences)
