"""Whose edit is next: start-time fair queuing, one edit of everybody who waits in each turn.

After Goyal, Vin and Cheng, "Start-time Fair Queuing" (1996), with all edits of one size. An edit's
turn is fixed when it is asked for: the turn after the newest of its user's own that wait, but none
that is over. So whoever comes new waits for one edit of each of the others, however many those
have, and an index gives the order.
"""

from django.db.models import Max, Min

from accounts.models import User
from inpainting.models import Edit
from jobs.models import State

ORDER = ("turn", "queued_at", "id")


def next_turn(user: User) -> int:
    """The turn of one more edit of the user's; in a transaction that holds the user's row."""
    queued = Edit.objects.filter(state=State.QUEUED)
    running = Edit.objects.filter(state=State.RUNNING)
    own = queued.filter(created_by=user).aggregate(last=Max("turn"))["last"]
    lowest = queued.aggregate(first=Min("turn"))["first"]
    served = running.aggregate(last=Max("turn"))["last"]
    return max(own + 1 if own is not None else 1, lowest or 1, served or 1)
