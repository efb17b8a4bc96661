"""Services that keep which revisions a share link shows, so that Undo reveals nothing."""

from django.db.models import Q
from django.utils import timezone

from gallery.models import Photo, SharedRevision, ShareLink
from gallery.shared_selectors import list_shared_photos

BATCH = 1000


def shared_revisions_fix(link: ShareLink) -> None:
    """Fix the photos of a new link to their current revisions, in the caller's transaction."""
    photos = list_shared_photos(link).values_list("pk", "current")
    SharedRevision.objects.bulk_create(
        (
            SharedRevision(link=link, photo_id=photo, revision_id=revision, is_fixed=True)
            for photo, revision in photos
        ),
        batch_size=BATCH,
    )


def shared_revisions_keep(photo: Photo) -> None:
    """Make the current revision the earliest one that each open link shows of `photo`.

    Call it before `current` may go back or the photo leaves its album, in the same transaction
    and with the photo locked. Links that show a fixed or a later revision do not change.
    """
    current = photo.current
    if current is None:
        return
    links = ShareLink.objects.filter(
        Q(photo=None) | Q(photo=photo),
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        album=photo.album_id,
        revoked_at=None,
    )
    kept = SharedRevision.objects.filter(photo=photo)
    kept.filter(link__in=links, is_fixed=False, revision__number__lt=current.number).update(
        revision=current
    )
    SharedRevision.objects.bulk_create(
        SharedRevision(link=link, photo=photo, revision=current, is_fixed=False)
        for link in links.exclude(pk__in=kept.values("link"))
    )
