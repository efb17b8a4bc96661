"""What an installation can do, and its example library."""

from api.operation_examples.shape import Shown, one_page

LOCAL = {"name": "local", "available": True, "reason": ""}
REKOGNITION = {
    "name": "rekognition",
    "available": False,
    "reason": "Another detector is set here.",
}

SHOWN = {
    "engines": Shown(
        response={
            "inpainters": [
                {"name": "hifill", "available": True, "reason": "", "title": "HiFill"},
                {"name": "patchmatch", "available": True, "reason": "", "title": "PatchMatch"},
            ],
            "default_inpainter": "hifill",
            "detector": LOCAL,
            "detectors": [LOCAL, REKOGNITION],
        }
    ),
    "examples_list": one_page(
        {
            "id": "walker",
            "title": "Walker on a beach",
            "credit": "hanya kumuh on Unsplash",
            "licence": "Unsplash licence",
            "width": 1600,
            "height": 1200,
            "thumbnail": "/api/v1/examples/walker/thumbnail/",
        }
    ),
    "examples_thumbnail": Shown(),
}
