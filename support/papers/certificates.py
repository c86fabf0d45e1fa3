"""A certificate as it was issued, and the register of certificates."""

from support.papers.codes import Paper, code_of
from support.papers.printing import Printout
from support.papers.registers import PrintedRegister

# A longer certificate has several pages, with the signatures after the text.
SIGNS_OF_A_PAGE = 1100


def _signs(row):
    return len(f"{row.holder}{row.entity_names}{row.topic}{row.type_name}{row.leaders}{row.scope}")


def certificate(row):
    return Printout(
        template="support/papers/certificate.html",
        project=row.project,
        title="Zaświadczenie",
        subtitle=f"nr {row.number}",
        code=code_of(Paper.CERTIFICATE, row.project, row),
        url=row.get_absolute_url(),
        mark="anulowane" if row.is_cancelled else "",
        file_name=f"zaswiadczenie-{row.ordinal}-{row.year}.pdf",
        context={"certificate": row, "is_flowing": _signs(row) > SIGNS_OF_A_PAGE},
    )


def register(project, rows, asked=()):
    """The register of the rows, cancelled ones too; `asked` are the filters, in words."""
    return Printout(
        template="support/papers/certificate_register.html",
        project=project,
        title="Rejestr zaświadczeń",
        subtitle=", ".join(f"{label}: {value}" for label, value in asked),
        code=code_of(Paper.REGISTER, project, PrintedRegister.CERTIFICATES.value),
        file_name="rejestr-zaswiadczen.pdf",
        is_wide=True,
        context={"certificates": rows},
    )
