"""The fair order of edits: each turn has one edit of each user who waits.

This is start-time fair queuing (Goyal, Vin and Cheng, 1996) with edits of equal size. The turn of
an edit is set when it is created: one after the last turn in which its user has a waiting edit,
but no turn that is over. So a new user waits for one edit of each other user, however many edits
those have, and an index on the turn gives the order.
"""

from django.db.models import Max, Min

from accounts.models import User
from inpainting.models import Edit
from jobs.models import State

TURN_ORDER = ("turn", "queued_at", "id")


def compute_next_turn(user: User) -> int:
    """Return the turn of a new edit of the user. The caller has locked the user's row."""
    queued = Edit.objects.filter(state=State.QUEUED)
    running = Edit.objects.filter(state=State.RUNNING)
    last_own = queued.filter(created_by=user).aggregate(last=Max("turn"))["last"]
    first_queued = queued.aggregate(first=Min("turn"))["first"]
    last_running = running.aggregate(last=Max("turn"))["last"]
    return max(last_own + 1 if last_own is not None else 1, first_queued or 1, last_running or 1)
