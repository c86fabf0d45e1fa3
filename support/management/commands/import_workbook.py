"""The command that reads a workbook into a project."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from owes.change_reasons import accepted
from owes.rehearsal import rehearse
from support.models import Project
from support.workbook.files import BookFile
from support.workbook.identity import identify, said_to_be_new
from support.workbook.importing import save_book
from support.workbook.packages import UnreadableFile
from support.workbook.reader import Error, read_book

LONGEST_REASON = 100


class Command(BaseCommand):
    """Exit 0: saved (or tried); 1: nothing saved, every error named; 2: a reason is needed."""

    help = "Wczytuje skoroszyt wymiany: cały albo wcale."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="skoroszyt: xlsx, xls albo ods")
        parser.add_argument("--project", required=True, help="skrót projektu")
        parser.add_argument("--dry-run", action="store_true", help="niczego nie zapisuj")
        parser.add_argument("--errors", type=Path, help="plik JSON z listą błędów")
        parser.add_argument(
            "--others",
            nargs="+",
            default=[],
            metavar="KOD",
            help="kody nowych zapisów, które są kim innym niż podobne w rejestrze",
        )
        parser.add_argument("--reason", default="", help="powód zmiany zatwierdzonych zapisów")

    def handle(self, *, file, project, errors, reason, dry_run, others, **options):
        project = Project.objects.filter(slug=project).first()
        if project is None:
            raise CommandError("Nie ma takiego projektu.")
        if project.is_archived:
            raise CommandError(project.refusal)
        reason = reason.strip()
        if len(reason) > LONGEST_REASON:
            raise CommandError(f"Powód może mieć najwyżej {LONGEST_REASON} znaków.")
        book, file_errors = self.read(file, others)
        if errors:
            write_errors(errors, file_errors)
        if file_errors:
            total = f"Błędy: {len(file_errors)}. Niczego nie zapisano."
            raise CommandError("\n".join([*map(str, file_errors), total]))
        self.save(book, project, reason, f"import {file.name}"[:LONGEST_REASON], dry_run)

    def read(self, file, others):
        """`(book, errors)`; the book of a file that is no workbook is None.

        A row that may mean somebody of the register is an error, unless it is said to be another.
        """
        try:
            book = read_book(BookFile(file))
        except UnreadableFile as error:
            return None, [Error.of_file("unreadable_file", str(error))]
        except OSError as error:
            raise CommandError(f"Nie można odczytać pliku: {error.strerror}.") from None
        identify(book, said_to_be_new(book, others))
        return book, [*book.errors, *(doubt.as_error() for doubt in book.doubts)]

    def save(self, book, project, reason, default_reason, dry_run):
        def confirm(outcome, effects):
            has_reason = reason or not outcome.approved
            return not dry_run and has_reason and accepted(effects.touched, reason, None)

        try:
            tried = rehearse(
                lambda: save_book(book, project, reason or default_reason),
                project=project,
                confirm=confirm,
            )
        except ValidationError as error:
            raise CommandError(f"{error.message}\nNiczego nie zapisano.") from None
        for line in tried.result.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Wskaźniki na koniec projektu:")
            for change in tried.effects.values:
                self.stdout.write(f"  {change}")
        if not reason and (protected := protected_lines(tried.result, tried.effects)):
            raise CommandError("\n".join(protected), returncode=2)
        self.stdout.write("Próba: niczego nie zapisano." if dry_run else "Zapisano.")


def protected_lines(outcome, effects):
    """The lines that name what needs a reason; none when nothing does."""
    lines = [f"Zmieniłaby się zatwierdzona usługa {code}." for code in outcome.approved]
    for touch in effects.touched:
        lines += [f"Zmieni to, co podaje {touch.label}:", *touch.told, *map(str, touch.changes)]
    return [*lines, "Podaj powód (--reason). Niczego nie zapisano."] if lines else []


def write_errors(path, errors):
    content = {"errors": [error._asdict() for error in errors]}
    try:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Nie można zapisać {path}: {error.strerror}.") from None
