"""The amounts that count against quotas."""

import datetime

from django.conf import settings
from django.db import models


class PixelUse(models.Model):
    """The pixels that count for a user on one day, the last on which they requested edits."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.DB_CASCADE,
        related_name="pixel_use",
    )
    day: "models.DateField[datetime.date, datetime.date]" = models.DateField(help_text="In UTC.")
    pixels = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.pixels} pixels on {self.day}"
