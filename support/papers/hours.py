"""Miesięczne zestawienie godzin as PDF and xlsx: the rows submitted, else those of now."""

from django.utils.text import slugify

from owes.exports import Workbook
from owes.folding import fold
from owes.formatting import didactic, moment
from owes.formatting import month as month_words
from support.models import MonthlySheet
from support.papers.codes import Paper, code_of
from support.papers.printing import Printout

MARKS = {
    MonthlySheet.State.DRAFT: "szkic",
    MonthlySheet.State.SUBMITTED: "czeka na zatwierdzenie",
    MonthlySheet.State.RETURNED: "zwrócone do poprawy",
}


def totals(rows):
    """Clock time of all rows, and of teaching apart; the two kinds of hours are never added."""
    return {
        "minutes": sum(row.minutes for row in rows),
        "teaching": sum(row.minutes for row in rows if row.teaches),
    }


def file_stem(sheet):
    return f"godziny-{sheet.month:%Y-%m}-{slugify(fold(str(sheet.staff_member)))}"


def monthly_sheet(sheet):
    rows, month = sheet.rows(), sheet.month
    return Printout(
        template="support/papers/monthly_sheet.html",
        project=sheet.project,
        title="Miesięczne zestawienie godzin",
        subtitle=f"{sheet.staff_member}, {month_words(month)}",
        code=code_of(Paper.MONTH, sheet.project, sheet.staff_member, month.year, month.month),
        url=sheet.get_absolute_url(),
        mark=MARKS.get(sheet.state, ""),
        file_name=f"{file_stem(sheet)}.pdf",
        context={
            "sheet": sheet,
            "rows": rows,
            "totals": totals(rows),
            "differences": sheet.differences(),
        },
    )


def monthly_workbook(sheet):
    rows = sheet.rows()
    sums = totals(rows)
    book = Workbook()
    book.sheet(
        "Godziny",
        [
            "Lp.",
            "Data",
            "Od",
            "Do",
            "Przerwa (min)",
            "Czas (min)",
            "Godz. dydaktyczne",
            "Rodzaj",
            "Temat",
            "Odbiorcy",
            "Nr usługi",
        ],
        [
            [
                number,
                row.on,
                row.start,
                row.end,
                row.break_minutes,
                row.minutes,
                round(row.minutes / 45, 1) if row.teaches else None,
                row.type,
                row.topic,
                row.recipients,
                row.number,
            ]
            for number, row in enumerate(rows, start=1)
        ],
    )
    book.parameters(
        [
            ("Projekt", sheet.project.title),
            ("Kadra", str(sheet.staff_member)),
            ("Miesiąc", month_words(sheet.month)),
            ("Stan", sheet.get_state_display()),
            ("Złożono", _accepted(sheet.submitted_by, sheet.submitted_at)),
            ("Zatwierdzono", _accepted(sheet.approved_by, sheet.approved_at)),
            ("Czas razem (min)", sums["minutes"]),
            ("W tym szkolenia (min)", sums["teaching"]),
            ("Szkolenia (godz. dydaktyczne)", didactic(sums["teaching"])),
            *(("Zmieniło się od złożenia", words) for words in sheet.differences()),
        ]
    )
    return book.bytes()


def _accepted(by, at):
    return f"{by}, {moment(at)}" if at else ""
