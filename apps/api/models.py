"""Rows of the API itself: stored responses of requests with keys, and used rates."""

from django.conf import settings
from django.db import models

from jobs.leases import Leased


class KeptAnswer(Leased):
    """The response to a POST with an Idempotency-Key, or the claim of the request at work.

    Neither the key nor the response is stored in clear text: see `api.http.idempotency`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_CASCADE, related_name="+"
    )
    key_digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    lease_id = models.UUIDField(db_column="claim", help_text="Which request works on it, or did.")
    lease_expires_at = models.DateTimeField()
    answer = models.BinaryField(null=True, help_text="Encrypted by the key; empty: not answered.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key_digest"], name="one_answer_for_a_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"Answer of {self.created_at:%Y-%m-%d %H:%M}"


class Allowance(models.Model):
    """How much of a rate is used, as one moment: by then all of it is free again.

    On PostgreSQL the table is unlogged: a crash empties it, and no request waits for the disk.
    """

    subject = models.CharField(max_length=100, primary_key=True)
    free_at = models.FloatField(help_text="Seconds since 1970.")

    def __str__(self) -> str:
        return self.subject
