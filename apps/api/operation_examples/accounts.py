"""Who is asking, and tokens."""

from api.operation_examples.shape import CREATED, FINISHED, LATER, TOKEN, USER, Shown, one_page

TOKEN_ROW = {
    "id": TOKEN,
    "name": "shop",
    "scopes": ["photos:write", "edits:write", "edits:read"],
    "created_at": CREATED,
    "expires_at": LATER,
    "last_used_at": FINISHED,
}
NEW_TOKEN = TOKEN_ROW | {
    "last_used_at": None,
    "token": "3f0c5b2e7a9d4f6081b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718",
}

SHOWN = {
    "me": Shown(
        response={
            "id": USER,
            "email": "alice@people.example",
            "display_name": "Alice",
            "usage": {
                "storage_bytes": {"used": 734_003_200, "quota": 107_374_182_400},
                "pixels_today": {
                    "used": 38_400_000,
                    "quota": 100_000_000_000,
                    "resets_at": "2026-11-29T00:00:00Z",
                },
                "edits_in_flight": {"used": 3, "quota": 1000},
            },
        },
    ),
    "tokens_list": one_page(TOKEN_ROW),
    "tokens_create": Shown(
        requests={
            "By password": {
                "email": "alice@people.example",
                "password": "a long enough phrase",
                "name": "shop",
                "scopes": ["photos:write", "edits:write", "edits:read"],
                "expires_in_days": 30,
            },
            "In a session": {"name": "shop", "scopes": ["read"]},
        },
        response=NEW_TOKEN,
        status=201,
    ),
    "tokens_revoke": Shown(),
}
