"""Letters to the administrators about the program itself."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection

from owes.models import User

logger = logging.getLogger(__name__)


def tell_administrators(subject: str, body: str) -> list[str]:
    """Names of those it went to; none when the server of letters does not take it."""
    administrators = User.objects.filter(is_administrator=True, is_active=True).order_by("pk")
    messages = [EmailMessage(subject, body, to=[user.email]) for user in administrators]
    try:
        get_connection().send_messages(messages)
    except (SMTPException, OSError):
        logger.exception("A letter to the administrators was not sent")
        return []
    return [str(user) for user in administrators]
