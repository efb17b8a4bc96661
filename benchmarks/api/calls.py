"""One call of each operation: what to send, and what must be so before it, which is not timed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from benchmarks.api.client import Answer, Client, form
from tests import images
from vision import masks

Ids = dict[str, Any]
Prepare = Callable[[Client, Ids], None]


@dataclass(frozen=True)
class Call:
    """A body or a form, the query, how often it is timed, and what comes before each time."""

    body: Mapping[str, Any] | None = None
    fields: Mapping[str, Any] | None = None
    query: str = ""
    times: int = 30
    before: Prepare | None = None
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, client: Client, method: str, path: str, ids: Ids) -> Answer:
        """Make it, with the ids of `ids` in its path and its body."""
        address = path.format(**ids) + self.query.format(**ids)
        if self.raw is not None:
            return client.send(method, address, self.raw, "application/octet-stream")
        if self.fields is not None:
            return client.send(method, address, *form(self.fields), self.headers)
        if self.body is None:
            return client.send(method, address)
        return client.send(method, address, filled(self.body, ids), "application/json")


def filled(body: Mapping[str, Any], ids: Ids) -> bytes:
    """The body as JSON; `<name>` stands for an id."""
    text = json.dumps(body)
    for name, value in ids.items():
        text = text.replace(f"<{name}>", str(value))
    return text.encode()


def made(path: str, name: str, body: Mapping[str, Any]) -> Prepare:
    """Make something by POST, and have `name` stand for its id."""

    def prepare(client: Client, ids: Ids) -> None:
        answer = client.send("POST", path.format(**ids), filled(body, ids), "application/json")
        ids[name] = answer.json()["id"]

    return prepare


def uploaded(client: Client, ids: Ids) -> None:
    """A small photo of its own."""
    picture = {"file": PNG, "album": ids["album_id"]}
    ids["photo_id"] = client.send("POST", "/api/v1/photos/", *form(picture)).json()["id"]


def announced(client: Client, ids: Ids) -> None:
    """A direct upload, and where its part goes."""
    answer = client.send(
        "POST", "/api/v1/uploads/", filled(ANNOUNCED, ids), "application/json"
    ).json()
    ids["upload_id"] = answer["id"]
    ids["signature"] = answer["requests"][0]["url"].partition("?")[2]


def arrived(client: Client, ids: Ids) -> None:
    """A direct upload whose part is there."""
    announced(client, ids)
    path = f"/api/v1/uploads/{ids['upload_id']}/parts/1/?{ids['signature']}"
    client.send("PUT", path, PNG, "application/octet-stream")


def after(method: str, path: str) -> Prepare:
    """Another call, whatever it answers."""

    def prepare(client: Client, ids: Ids) -> None:
        client.send(method, path.format(**ids))

    return prepare


def another(name: str, ones: str) -> Prepare:
    """The next of many."""
    places = cycle(range(10**6))

    def prepare(_client: Client, ids: Ids) -> None:
        ids[name] = ids[ones][next(places) % len(ids[ones])]

    return prepare


FEW = 8
WIDTH, HEIGHT = 96, 64  # as tests/rows.py makes photos
PNG = images.build_png(WIDTH, HEIGHT)
MASK = masks.to_png(masks.from_boxes((HEIGHT, WIDTH), [(4, 4, 8, 8)]))
ANNOUNCED = {"filename": "a.png", "length": len(PNG), "album": "<album_id>"}
BOX = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}
BOB = {"email": "bob@people.example", "role": "viewer"}
PHOTO = "/api/v1/photos/{photo_id}/"
MEMBERS = "/api/v1/albums/{album_id}/members/"
HOOK = {"url": "https://www.example.com/", "events": ["edit.failed"]}
NEW_TOKEN = {"email": "alice@people.example", "password": "<password>", "name": "x"}
SHARE_LINK = made("/api/v1/albums/{album_id}/share-links/", "link_id", {})
ALBUM = made("/api/v1/albums/", "album_id", {"name": "x"})
EDIT = made(f"{PHOTO}edits/", "edit_id", BOX)
SAVED_MASK = made(f"{PHOTO}masks/", "mask_id", BOX)


def member(client: Client, ids: Ids) -> None:
    """Bob is a member of a fresh album."""
    ALBUM(client, ids)
    made(MEMBERS, "member_id", BOB)(client, ids)


def hook(client: Client, ids: Ids) -> None:
    """A webhook, of which nobody may have many."""
    if "own_webhook" in ids:
        after("DELETE", "/api/v1/webhooks/{own_webhook}/")(client, ids)
    made("/api/v1/webhooks/", "webhook_id", HOOK)(client, ids)
    ids["own_webhook"] = ids["webhook_id"]


CALLS: dict[str, Call] = {
    "albums_create": Call({"name": "x"}),
    "albums_rename": Call({"name": "y"}, before=ALBUM),
    "albums_delete": Call(before=ALBUM),
    "members_add": Call(BOB, before=ALBUM),
    "members_change": Call({"role": "editor"}, before=member),
    "members_remove": Call(before=member),
    "share_links_create": Call({"expires_in_days": 1}),
    "share_links_revoke": Call(before=SHARE_LINK),
    "tokens_create": Call(NEW_TOKEN, times=FEW),
    "tokens_revoke": Call(before=made("/api/v1/auth/tokens/", "token_id", NEW_TOKEN), times=FEW),
    "uploads_create": Call(ANNOUNCED, times=FEW),
    "uploads_get": Call(before=announced, times=FEW),
    "uploads_delete": Call(before=announced, times=FEW),
    "uploads_put_part": Call(raw=PNG, query="?{signature}", before=announced, times=FEW),
    "uploads_take_in": Call(before=arrived, times=FEW),
    "photos_create": Call(fields={"file": PNG}),
    "photos_change": Call({"title": "y"}),
    "photos_delete": Call(before=uploaded),
    "photos_undo": Call(before=after("POST", f"{PHOTO}redo/")),
    "photos_redo": Call(before=after("POST", f"{PHOTO}undo/")),
    "revisions_restore": Call(),
    "detections_again": Call({}, before=another("photo_id", "photos")),
    "detection_runs_cancel": Call(before=made(f"{PHOTO}detections/", "run_id", {})),
    "masks_create": Call(fields={"file": MASK}),
    "masks_rename": Call({"name": "y"}),
    "masks_delete": Call(before=SAVED_MASK),
    "edits_create": Call(BOX, before=uploaded),
    "edits_forewarnings": Call(BOX),
    "edits_cancel": Call(before=EDIT),
    "vanish": Call(
        fields={"image": PNG, "boxes": json.dumps(BOX["boxes"])}, headers={"Prefer": "wait=0"}
    ),
    "webhooks_create": Call(HOOK, times=FEW),
    "webhooks_change": Call({"description": "y"}),
    "webhooks_delete": Call(before=hook),
    "webhooks_rotate_secret": Call(),
    "webhooks_test": Call(),
    "webhook_deliveries_get": Call(before=another("delivery_id", "deliveries")),
    "webhook_deliveries_replay": Call(before=another("delivery_id", "deliveries")),
}
READ = Call(times=60)

# The bare list beside each list, which asks for the same rows. Examples are no table.
OF_PHOTO, MINE = "?photo={photo_id}", "?user={user_id}"
BARE = {
    "albums_list": "gallery.Album/?memberships__user={user_id}",
    "members_list": "gallery.AlbumMember/?album={album_id}",
    "share_links_list": "gallery.ShareLink/?album={album_id}",
    "tokens_list": f"accounts.Token/{MINE}",
    "uploads_list": f"gallery.Upload/{MINE}",
    "photos_list": "gallery.Photo/?album__memberships__user={user_id}",
    "detections_list": f"inpainting.Detection/{OF_PHOTO}",
    "masks_list": f"inpainting.Mask/{OF_PHOTO}",
    "edits_list": f"inpainting.Edit/{OF_PHOTO}",
    "edits_list_all": "inpainting.Edit/?photo__album__memberships__user={user_id}",
    "revisions_list": f"gallery.Revision/{OF_PHOTO}",
    "webhooks_list": "webhooks.Webhook/?owner={user_id}",
    "webhook_deliveries_list": "webhooks.Delivery/?webhook={webhook_id}",
    "examples_list": f"accounts.Token/{MINE}",
}
