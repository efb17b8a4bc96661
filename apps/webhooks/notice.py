"""The mail to the owner of a webhook that the platform has switched off."""

import logging

from django.core.mail import send_mail
from django.template.loader import render_to_string

from webhooks.models import DisabledReason, Webhook

logger = logging.getLogger(__name__)

SUBJECT = "Your webhook was switched off"


def notify_owner(webhook: Webhook, reason: DisabledReason) -> None:
    """Send the mail; log it when it cannot be sent, because the API shows the reason too."""
    context = {"webhook": webhook, "reason": reason.label}
    text = render_to_string("webhooks/mail/disabled.txt", context)
    try:
        send_mail(SUBJECT, text, None, [webhook.owner.email])
    except Exception:  # mail backends raise errors of many types, and none may stop the worker
        logger.exception("The mail to the owner of webhook %s could not be sent", webhook.pk)
