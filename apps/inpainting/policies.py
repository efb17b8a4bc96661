"""Who may see edits, masks and detection runs: the members of the photo's album."""

from django.db.models import QuerySet

from gallery.policies import AnyUser
from inpainting.models import DetectionRun, Edit, Mask


def select_visible_edits(user: AnyUser) -> QuerySet[Edit]:
    """Return the edits of photos that `user` may see."""
    if not user.is_authenticated:
        return Edit.objects.none()
    return Edit.objects.filter(photo__album__memberships__user=user)


def select_visible_runs(user: AnyUser) -> QuerySet[DetectionRun]:
    """Return the detection runs of photos that `user` may see."""
    if not user.is_authenticated:
        return DetectionRun.objects.none()
    return DetectionRun.objects.filter(photo__album__memberships__user=user)


def select_visible_masks(user: AnyUser) -> QuerySet[Mask]:
    """Return the masks of photos that `user` may see."""
    if not user.is_authenticated:
        return Mask.objects.none()
    return Mask.objects.filter(photo__album__memberships__user=user)
