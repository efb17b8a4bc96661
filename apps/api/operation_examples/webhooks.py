"""Webhooks, and what was sent to them."""

from api.operation_examples.shape import (
    ALBUM,
    CREATED,
    DELIVERY,
    EDIT,
    FINISHED,
    LATER,
    PHOTO,
    STARTED,
    WEBHOOK,
    Shown,
    one_page,
)

WEBHOOK_ROW = {
    "id": WEBHOOK,
    "url": "https://shop.example/vanish-events",
    "description": "The shop's pictures",
    "events": ["edit.succeeded", "edit.failed"],
    "album": ALBUM,
    "active": True,
    "disabled": None,
    "previous_secret_expires_at": None,
    "last_delivered_at": FINISHED,
    "created_at": CREATED,
}
NEW_WEBHOOK = WEBHOOK_ROW | {
    "last_delivered_at": None,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
TRY = {"at": FINISHED, "status": 204, "seconds": 0.21, "error": "", "excerpt": ""}
DELIVERY_ROW = {
    "id": DELIVERY,
    "webhook": WEBHOOK,
    "event": "edit.succeeded",
    "state": "delivered",
    "attempts": 1,
    "last_try": TRY,
    "created_at": CREATED,
    "next_try_at": None,
    "ended_at": FINISHED,
}
ON_ITS_WAY = DELIVERY_ROW | {
    "state": "queued",
    "attempts": 0,
    "last_try": None,
    "next_try_at": STARTED,
    "ended_at": None,
}

SHOWN = {
    "webhooks_list": one_page(WEBHOOK_ROW),
    "webhooks_create": Shown(
        requests={
            "Edits of an album": {
                "url": "https://shop.example/vanish-events",
                "description": "The shop's pictures",
                "events": ["edit.succeeded", "edit.failed"],
                "album": ALBUM,
            }
        },
        response=NEW_WEBHOOK,
        status=201,
    ),
    "webhooks_get": Shown(response=WEBHOOK_ROW),
    "webhooks_change": Shown(
        requests={"Switch it off": {"active": False}}, response=WEBHOOK_ROW | {"active": False}
    ),
    "webhooks_delete": Shown(),
    "webhooks_rotate_secret": Shown(
        response=NEW_WEBHOOK | {"previous_secret_expires_at": LATER},
    ),
    "webhooks_test": Shown(response=ON_ITS_WAY | {"event": "ping"}, status=202),
    "webhook_deliveries_list": one_page(DELIVERY_ROW),
    "webhook_deliveries_get": Shown(
        response=DELIVERY_ROW
        | {
            "payload": {
                "type": "edit.succeeded",
                "timestamp": FINISHED,
                "data": {"edit": EDIT, "photo": PHOTO},
            },
            "tries": [TRY],
        }
    ),
    "webhook_deliveries_replay": Shown(response=ON_ITS_WAY, status=202),
}
