"""Refusals."""

THROTTLED = {
    "type": "/docs/problems/throttled/",
    "code": "throttled",
    "title": "Too Many Requests",
    "status": 429,
    "detail": "That was too much at once: try again in 7 s.",
    "violated_policies": ["user-writes"],
}
"""What any operation may answer."""

INVALID_BOX = {
    "type": "/docs/problems/invalid/",
    "code": "invalid",
    "title": "Unprocessable Content",
    "status": 422,
    "detail": "boxes.1.width: Ensure this value is greater than or equal to 1.",
    "errors": [
        {
            "pointer": "#/boxes/1/width",
            "detail": "Ensure this value is greater than or equal to 1.",
            "expected": {"type": "integer", "minimum": 1, "maximum": 100_000},
            "received": 0,
        }
    ],
}
