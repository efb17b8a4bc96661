"""Cleanups that delete expired rows of the API; part of housekeeping."""

import time
from datetime import timedelta

from django.utils import timezone

from api.models import Allowance, KeptAnswer

RETENTION = timedelta(hours=24)


def kept_answers_sweep() -> int:
    """Delete stored responses that are older than a day; return how many rows."""
    return KeptAnswer.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()[0]


def allowances_sweep() -> int:
    """Delete allowances that are full again, which mean the same as no row; return how many."""
    return Allowance.objects.filter(free_at__lt=time.time()).delete()[0]
