"""Alice's album with one row of every kind that an address names, and clients that call it."""

import functools
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import Token, User
from accounts.services import token_create
from gallery.examples import list_examples
from gallery.models import (
    Album,
    AlbumMember,
    Photo,
    Rendition,
    Revision,
    Role,
    ShareLink,
    Upload,
)
from gallery.services import album_create, share_link_create
from inpainting.models import DetectionRun, Edit, Mask
from jobs.models import State
from tests import images, people, rows
from tests.uploads import upload_file
from vision.detectors.base import Box
from webhooks.models import Delivery, DeliveryState, Webhook
from webhooks.services import webhook_create, webhook_ping

WIDTH, HEIGHT = rows.WIDTH, rows.HEIGHT
CALLERS = ("owner", "editor", "viewer", "stranger", "nobody", "reader", "expired")


@dataclass
class SampleData:
    """The rows. The photo shows revision 1, the result of edit 1; edit 2 is queued."""

    users: dict[str, User]
    album: Album
    viewers_membership: AlbumMember
    photo: Photo
    original: Revision
    revision: Revision
    mask: Mask
    queued: Edit
    token: Token
    upload: Upload
    link: ShareLink
    webhook: Webhook
    delivery: Delivery

    def get_ids(self) -> dict[str, Any]:
        """Return the value of every URL parameter."""
        return {
            "album_id": self.album.pk,
            "member_id": self.viewers_membership.pk,
            "photo_id": self.photo.pk,
            "revision_id": self.revision.pk,
            "run_id": self.photo.detection_run.pk,
            "mask_id": self.mask.pk,
            "edit_id": self.queued.pk,
            "token_id": self.token.id,
            "upload_id": self.upload.pk,
            "link_id": self.link.pk,
            "webhook_id": self.webhook.pk,
            "delivery_id": self.delivery.pk,
            "token": self.link.token,
            "number": 1,
            "example_id": list_examples()[0].id,
            "path": "nowhere/",
            "name": "api",
            "code": "mask_wrong_size",
        }

    def create_client(self, who: str) -> Client:
        """Return a browser or a script of one of `CALLERS`; the tokens are Alice's."""
        if who in self.users:
            client = Client()
            client.force_login(self.users[who])
            return client
        if who == "nobody":
            return Client()
        return Client(headers={"Authorization": f"Token {self._create_token(who)}"})

    def _create_token(self, who: str) -> str:
        scopes = ["read"] if who == "reader" else ["read", "write"]
        token, text = token_create(
            user=self.users["owner"], name=who, scopes=scopes, expires_in=timedelta(days=1)
        )
        if who == "expired":
            Token.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(hours=1))
        return text


def build_sample_data() -> SampleData:
    """Create the sample data; rows are created directly, because no picture needs decoding."""
    users = {
        "owner": people.create_alice(),
        "editor": people.create_bob(),
        "viewer": people.create_person("vera"),
        "stranger": people.create_charlie(),
    }
    album = album_create(user=users["owner"], name="Holiday")
    rows.share(album, users["editor"], Role.EDITOR)
    viewers_membership = rows.share(album, users["viewer"], Role.VIEWER)
    photo = _create_photo(album, users["owner"])
    original = Revision.objects.create(photo=photo, number=0, label="Original")
    used_mask = _create_mask(photo)
    finished_edit = _create_edit(photo, original, used_mask, State.SUCCEEDED)
    revision = Revision.objects.create(
        photo=photo, number=1, parent=original, edit=finished_edit, label="Removed"
    )
    photo.current = photo.tip = revision
    photo.save()
    _create_renditions(revision)
    token, _ = token_create(user=users["owner"], name="x", scopes=["read"], expires_in=None)
    delivery = _create_delivery(users["owner"])
    return SampleData(
        users=users,
        album=album,
        viewers_membership=viewers_membership,
        photo=photo,
        original=original,
        revision=revision,
        mask=_create_mask(photo),
        queued=_create_edit(photo, revision, used_mask, State.QUEUED),
        token=token,
        upload=_upload_picture(users["owner"], album),
        link=share_link_create(user=users["owner"], album=album),
        webhook=delivery.webhook,
        delivery=delivery,
    )


def _create_photo(album: Album, owner: User) -> Photo:
    photo = Photo.objects.create(
        album=album,
        uploaded_by=owner,
        title="beach",
        filename="beach.png",
        original=_build_file("png"),
        original_sha256="0" * 64,
        original_bytes=len(_encode_picture("PNG")),
        format="PNG",
        mode="RGB;8",
        width=WIDTH,
        height=HEIGHT,
        canvas_sha256="0" * 64,
        decoder="by hand",
    )
    DetectionRun.objects.create(photo=photo, detector="local", state=State.SUCCEEDED)
    return photo


def _upload_picture(owner: User, album: Album) -> Upload:
    """Create a direct upload whose bytes have all arrived."""
    return upload_file(_encode_picture("PNG"), user=owner, album=album)


def _create_delivery(owner: User) -> Delivery:
    """Create a delivery that has ended, so that it can be replayed."""
    events = ["edit.succeeded"]
    webhook = webhook_create(user=owner, values={"url": "https://shop.example/", "events": events})
    delivery = webhook_ping(webhook=webhook)
    delivery.state = DeliveryState.FAILED
    delivery.save()
    return delivery


def _create_mask(photo: Photo) -> Mask:
    png = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    return Mask.objects.create(
        photo=photo,
        file=ContentFile(png, "mask.png"),
        width=WIDTH,
        height=HEIGHT,
        sha256=uuid.uuid4().hex * 2,
        covered_pixels=64,
    )


def _create_edit(photo: Photo, base: Revision, mask: Mask, state: State) -> Edit:
    return Edit.objects.create(
        photo=photo, base_revision=base, mask=mask, inpainter="patchmatch", label="x", state=state
    )


def _create_renditions(revision: Revision) -> None:
    kinds = ((Rendition.Kind.THUMBNAIL, "WEBP"), (Rendition.Kind.PREVIEW, "WEBP"))
    for kind, name in (*kinds, (Rendition.Kind.FULL, "PNG")):
        Rendition.objects.create(
            revision=revision,
            kind=kind,
            format=name,
            width=WIDTH,
            height=HEIGHT,
            file=_build_file(name.lower()),
        )


def _build_file(extension: str) -> "ContentFile[bytes]":
    return ContentFile(_encode_picture(extension.upper()), f"x.{extension}")


@functools.cache
def _encode_picture(name: str) -> bytes:
    return images.encode_pixels(images.build_quarters(WIDTH, HEIGHT), name)
