"""The backup of each night, and a letter to the administrators when it fails."""

from django.conf import settings

from owes.backups.keys import BackupError
from owes.backups.making import delete_superfluous, make_backup
from owes.backups.work import in_words
from owes.operating.letters import tell_administrators


def back_up_and_tell() -> None:
    """Into the folder of the settings; without one nothing is made."""
    if settings.BACKUP_DIR is None:
        return
    try:
        make_backup(settings.BACKUP_DIR)
        with in_words("Nie można usunąć starej kopii"):
            delete_superfluous(settings.BACKUP_DIR)
    except BackupError as error:
        body = f"{error}\n\nKatalog kopii: {settings.BACKUP_DIR}"
        tell_administrators("Kopia zapasowa się nie udała", body)
