"""The proof of history of each night, and a letter to the administrators of what differs."""

from itertools import islice

from owes.chain.sealing import seal
from owes.chain.verifying import differences
from owes.operating.letters import tell_administrators

MOST_TOLD = 100
SUBJECT = "Historia zmian różni się od tej, którą program zapisał"
BODY = (
    "Nocne sprawdzenie znalazło wiersze historii, które ktoś zmienił, zamienił albo usunął poza "
    "programem. Zachowaj kopię zapasową sprzed zmiany i sprawdź, kto miał dostęp do bazy. Całość "
    "pokaże polecenie manage.py verify_history.\n\n"
)


def verify_and_tell() -> None:
    """The letter names tables and numbers of rows; it holds no personal data."""
    seal()
    found = [str(difference) for difference in islice(differences(), MOST_TOLD)]
    if found:
        tell_administrators(SUBJECT, BODY + "\n".join(found))
