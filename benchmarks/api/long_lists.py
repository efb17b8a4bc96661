"""More than one page of rows for all other lists."""

from accounts.models import User
from accounts.services import token_create
from gallery.models import Album, Photo, Revision, Role
from gallery.services import album_create, share_link_create, upload_begin
from inpainting.models import Edit, Mask
from jobs.models import State
from tests import people, rows
from webhooks.models import Event, Webhook
from webhooks.services import webhook_create

# A user may have at most 100 uploads and 20 webhooks, and the calls create some of them.
ROWS, UPLOADS, WEBHOOKS = 60, 30, 3


def create_long_lists(owner: User, album: Album, photo: Photo) -> None:
    """Create the rows that belong to `owner`, to `album` and to `photo`."""
    for number in range(ROWS):
        album_create(user=owner, name=f"album {number}")
        rows.share(album, people.create_person(f"p{number}"), Role.VIEWER)
        share_link_create(user=owner, album=album)
        token_create(user=owner, name=f"token {number}", scopes=["read"], expires_in=None)
        if number < UPLOADS:
            upload_begin(user=owner, album=album, filename="a.png", length=10)
        _create_revision(photo, owner)
    for _ in range(WEBHOOKS - Webhook.objects.filter(owner=owner).count()):
        webhook_create(
            user=owner, values={"url": "https://www.example.com/", "events": [Event.EDIT_FAILED]}
        )
    photo.save()


def _create_revision(photo: Photo, owner: User) -> None:
    """Create a mask, an edit with it and a detection, and the edit's revision."""
    mask = Mask.objects.create(
        photo=photo, file="nowhere.png", width=1, height=1, covered_pixels=1, name="x"
    )
    edit = Edit.objects.create(
        photo=photo,
        base_revision=photo.current,
        mask=mask,
        inpainter="patchmatch",
        label="x",
        state=State.SUCCEEDED,
        created_by=owner,
    )
    edit.detections.add(rows.create_detection(photo))
    number = photo.revisions.count()
    Revision.objects.create(photo=photo, number=number, parent=photo.current, edit=edit, label="x")
