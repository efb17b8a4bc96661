"""One call of each operation: what to send, and what to prepare before it without timing it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from benchmarks.api.client import Client, TimedResponse, encode_form
from tests import images
from vision import masks

Ids = dict[str, Any]
Prepare = Callable[[Client, Ids], None]


@dataclass(frozen=True)
class Call:
    """A call: its body or form, its query, how often it is timed, and what prepares each call."""

    body: Mapping[str, Any] | None = None
    fields: Mapping[str, Any] | None = None
    query: str = ""
    times: int = 30
    before: Prepare | None = None
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, client: Client, method: str, path: str, ids: Ids) -> TimedResponse:
        """Send the request, with the ids in its path and its body."""
        address = path.format(**ids) + self.query.format(**ids)
        if self.raw is not None:
            return client.send(method, address, self.raw, "application/octet-stream")
        if self.fields is not None:
            return client.send(method, address, *encode_form(self.fields), self.headers)
        if self.body is None:
            return client.send(method, address)
        return client.send(method, address, fill_ids(self.body, ids), "application/json")


def fill_ids(body: Mapping[str, Any], ids: Ids) -> bytes:
    """Return the body as JSON, with `<name>` replaced by the id of that name."""
    text = json.dumps(body)
    for name, value in ids.items():
        text = text.replace(f"<{name}>", str(value))
    return text.encode()


def create_before(path: str, name: str, body: Mapping[str, Any]) -> Prepare:
    """Return a function that creates a row by POST and saves its id as `name`."""

    def prepare(client: Client, ids: Ids) -> None:
        response = client.send("POST", path.format(**ids), fill_ids(body, ids), "application/json")
        ids[name] = response.read_json()["id"]

    return prepare


def upload_photo(client: Client, ids: Ids) -> None:
    """Upload a new small photo."""
    fields = {"file": PNG, "album": ids["album_id"]}
    response = client.send("POST", "/api/v1/photos/", *encode_form(fields))
    ids["photo_id"] = response.read_json()["id"]


def announce_upload(client: Client, ids: Ids) -> None:
    """Announce a direct upload, and save its id and the signature of its part's URL."""
    body = fill_ids(UPLOAD_FACTS, ids)
    upload = client.send("POST", "/api/v1/uploads/", body, "application/json").read_json()
    ids["upload_id"] = upload["id"]
    ids["signature"] = upload["requests"][0]["url"].partition("?")[2]


def send_upload_part(client: Client, ids: Ids) -> None:
    """Announce a direct upload, and send its part."""
    announce_upload(client, ids)
    path = f"/api/v1/uploads/{ids['upload_id']}/parts/1/?{ids['signature']}"
    client.send("PUT", path, PNG, "application/octet-stream")


def call_before(method: str, path: str) -> Prepare:
    """Return a function that sends another request and ignores its response."""

    def prepare(client: Client, ids: Ids) -> None:
        client.send(method, path.format(**ids))

    return prepare


def choose_next_id(name: str, choices: str) -> Prepare:
    """Return a function that saves the next id of `ids[choices]` as `name`."""
    positions = cycle(range(10**6))

    def prepare(_client: Client, ids: Ids) -> None:
        ids[name] = ids[choices][next(positions) % len(ids[choices])]

    return prepare


FEW = 8
WIDTH, HEIGHT = 96, 64  # as tests/rows.py makes photos
PNG = images.build_png(WIDTH, HEIGHT)
MASK = masks.to_png(masks.from_boxes((HEIGHT, WIDTH), [(4, 4, 8, 8)]))
UPLOAD_FACTS = {"filename": "a.png", "length": len(PNG), "album": "<album_id>"}
BOX = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}
BOB = {"email": "bob@people.example", "role": "viewer"}
PHOTO = "/api/v1/photos/{photo_id}/"
MEMBERS = "/api/v1/albums/{album_id}/members/"
HOOK = {"url": "https://www.example.com/", "events": ["edit.failed"]}
NEW_TOKEN = {"email": "alice@people.example", "password": "<password>", "name": "x"}
SHARE_LINK = create_before("/api/v1/albums/{album_id}/share-links/", "link_id", {})
ALBUM = create_before("/api/v1/albums/", "album_id", {"name": "x"})
EDIT = create_before(f"{PHOTO}edits/", "edit_id", BOX)
TOKEN = create_before("/api/v1/auth/tokens/", "token_id", NEW_TOKEN)
SAVED_MASK = create_before(f"{PHOTO}masks/", "mask_id", BOX)


def add_member(client: Client, ids: Ids) -> None:
    """Create an album with Bob as a member."""
    ALBUM(client, ids)
    create_before(MEMBERS, "member_id", BOB)(client, ids)


def create_webhook(client: Client, ids: Ids) -> None:
    """Create a webhook, and delete the previous one because their number is limited."""
    if "own_webhook" in ids:
        call_before("DELETE", "/api/v1/webhooks/{own_webhook}/")(client, ids)
    create_before("/api/v1/webhooks/", "webhook_id", HOOK)(client, ids)
    ids["own_webhook"] = ids["webhook_id"]


CALLS: dict[str, Call] = {
    "albums_create": Call({"name": "x"}),
    "albums_rename": Call({"name": "y"}, before=ALBUM),
    "albums_delete": Call(before=ALBUM),
    "members_add": Call(BOB, before=ALBUM),
    "members_change": Call({"role": "editor"}, before=add_member),
    "members_remove": Call(before=add_member),
    "share_links_create": Call({"expires_in_days": 1}),
    "share_links_revoke": Call(before=SHARE_LINK),
    "tokens_create": Call(NEW_TOKEN, times=FEW),
    "tokens_revoke": Call(before=TOKEN, times=FEW),
    "uploads_create": Call(UPLOAD_FACTS, times=FEW),
    "uploads_get": Call(before=announce_upload, times=FEW),
    "uploads_delete": Call(before=announce_upload, times=FEW),
    "uploads_put_part": Call(raw=PNG, query="?{signature}", before=announce_upload, times=FEW),
    "uploads_take_in": Call(before=send_upload_part, times=FEW),
    "photos_create": Call(fields={"file": PNG}),
    "photos_change": Call({"title": "y"}),
    "photos_delete": Call(before=upload_photo),
    "photos_undo": Call(before=call_before("POST", f"{PHOTO}redo/")),
    "photos_redo": Call(before=call_before("POST", f"{PHOTO}undo/")),
    "revisions_restore": Call(),
    "detections_again": Call({}, before=choose_next_id("photo_id", "photos")),
    "detection_runs_cancel": Call(before=create_before(f"{PHOTO}detections/", "run_id", {})),
    "masks_create": Call(fields={"file": MASK}),
    "masks_rename": Call({"name": "y"}),
    "masks_delete": Call(before=SAVED_MASK),
    "outlines_preview": Call({"points": [{"x": 4, "y": 4}]}),
    "edits_create": Call(BOX, before=upload_photo),
    "edits_forewarnings": Call(BOX),
    "edits_cancel": Call(before=EDIT),
    "vanish": Call(
        fields={"image": PNG, "boxes": json.dumps(BOX["boxes"])}, headers={"Prefer": "wait=0"}
    ),
    "webhooks_create": Call(HOOK, times=FEW),
    "webhooks_change": Call({"description": "y"}),
    "webhooks_delete": Call(before=create_webhook),
    "webhooks_rotate_secret": Call(),
    "webhooks_test": Call(),
    "webhook_deliveries_get": Call(before=choose_next_id("delivery_id", "deliveries")),
    "webhook_deliveries_replay": Call(before=choose_next_id("delivery_id", "deliveries")),
}
READ = Call(times=60)

# The bare view of each list, for the same rows; examples are not in the database, tokens stand in.
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
