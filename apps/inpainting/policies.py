"""Edits, masks and detections are seen and changed by whoever may see and change their photo."""

from django.db.models import QuerySet

from gallery.policies import Someone
from inpainting.models import DetectionRun, Edit, Mask


def edits_visible_to(user: Someone) -> QuerySet[Edit]:
    """The edits of photos that `user` may see."""
    if not user.is_authenticated:
        return Edit.objects.none()
    return Edit.objects.filter(photo__album__memberships__user=user)


def detection_runs_visible_to(user: Someone) -> QuerySet[DetectionRun]:
    """The looks for objects in photos that `user` may see."""
    if not user.is_authenticated:
        return DetectionRun.objects.none()
    return DetectionRun.objects.filter(photo__album__memberships__user=user)


def masks_visible_to(user: Someone) -> QuerySet[Mask]:
    """The masks of photos that `user` may see."""
    if not user.is_authenticated:
        return Mask.objects.none()
    return Mask.objects.filter(photo__album__memberships__user=user)
