"""How much of their quotas users have used."""

import datetime

from django.conf import settings
from django.db import models


class PixelUse(models.Model):
    """The pixels of the photos that a user edited on the last day on which they edited any."""

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
