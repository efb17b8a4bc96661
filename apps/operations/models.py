"""Counters that all processes share."""

from django.db import models


class Tally(models.Model):
    """A number that every process adds to: one row for each name with its labels."""

    pk = models.CompositePrimaryKey("name", "labels")
    name = models.CharField(max_length=60)
    labels = models.CharField(max_length=300, help_text="JSON, its keys in alphabetical order.")
    value = models.FloatField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.name} {self.labels}"
