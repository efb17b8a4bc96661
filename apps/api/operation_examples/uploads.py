"""Direct uploads."""

from api.operation_examples.photos import NEW_PHOTO
from api.operation_examples.shape import ALBUM, CREATED, LATER, UPLOAD, Shown, one_page

UPLOAD_ROW = {
    "id": UPLOAD,
    "filename": "beach.jpg",
    "length": 512_000,
    "created_at": CREATED,
    "expires_at": LATER,
    "photo": None,
}
WITH_REQUESTS = UPLOAD_ROW | {
    "requests": [
        {
            "method": "PUT",
            "url": f"/api/v1/uploads/{UPLOAD}/parts/1/?signature=c2lnbmF0dXJl",
            "offset": 0,
            "length": 512_000,
            "fields": {},
            "headers": {},
        }
    ]
}

SHOWN = {
    "uploads_list": one_page(UPLOAD_ROW),
    "uploads_create": Shown(
        requests={
            "A file": {
                "filename": "beach.jpg",
                "length": 512_000,
                "type": "image/jpeg",
                "album": ALBUM,
            }
        },
        response=WITH_REQUESTS,
        status=201,
    ),
    "uploads_get": Shown(response=WITH_REQUESTS),
    "uploads_delete": Shown(),
    "uploads_put_part": Shown(),
    "uploads_take_in": Shown(response=NEW_PHOTO, status=201),
}
