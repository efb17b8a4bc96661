"""Albums, their members and their share links."""

from api.operation_examples.shape import ALBUM, CREATED, LATER, LINK, MEMBER, PHOTO, Shown, one_page

ALBUM_ROW = {
    "id": ALBUM,
    "name": "Holiday",
    "is_default": False,
    "role": "owner",
    "photo_count": 12,
    "created_at": CREATED,
}
MEMBER_ROW = {
    "id": MEMBER,
    "email": "bob@people.example",
    "display_name": "Bob",
    "role": "editor",
}
LINK_ROW = {
    "id": LINK,
    "album": ALBUM,
    "photo": PHOTO,
    "url": "/shared/q0pJ3mV8xT2n/",
    "created_at": CREATED,
    "expires_at": LATER,
}

SHOWN = {
    "albums_list": one_page(ALBUM_ROW),
    "albums_create": Shown(
        requests={"By name": {"name": "Holiday"}}, response=ALBUM_ROW, status=201
    ),
    "albums_get": Shown(response=ALBUM_ROW),
    "albums_rename": Shown(
        requests={"Another name": {"name": "Summer"}}, response=ALBUM_ROW | {"name": "Summer"}
    ),
    "albums_delete": Shown(),
    "members_list": one_page(MEMBER_ROW),
    "members_add": Shown(
        requests={"An editor": {"email": "bob@people.example", "role": "editor"}},
        response=MEMBER_ROW,
        status=201,
    ),
    "members_get": Shown(response=MEMBER_ROW),
    "members_change": Shown(
        requests={"May look, only": {"role": "viewer"}}, response=MEMBER_ROW | {"role": "viewer"}
    ),
    "members_remove": Shown(),
    "share_links_list": one_page(LINK_ROW),
    "share_links_create": Shown(
        requests={
            "One photo, for a month": {"photo": PHOTO, "expires_in_days": 30},
            "The whole album": {},
        },
        response=LINK_ROW,
        status=201,
    ),
    "share_links_revoke": Shown(),
}
