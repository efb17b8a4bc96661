"""Clearing away what the API needs no more; part of housekeeping."""

import time
from datetime import timedelta

from django.utils import timezone

from api.models import Allowance, KeptAnswer

KEPT = timedelta(hours=24)


def kept_answers_sweep() -> int:
    """Forget answers that were kept for a day."""
    return KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def allowances_sweep() -> int:
    """Forget whoever has nothing used up any more: it is as if they had never come."""
    return Allowance.objects.filter(free_at__lt=time.time()).delete()[0]
