"""Detectors and inpainters, and the jobs that they failed at."""

from api.problems.kinds import Chapter, ProblemKind

ENGINES = Chapter(
    "Detectors and inpainters",
    (
        ProblemKind(
            "unknown_inpainter",
            (422,),
            "There is no such inpainter",
            "The name is none that is built in.",
            "`GET /api/v1/engines/` lists them.",
        ),
        ProblemKind(
            "unknown_detector",
            (422,),
            "There is no such detector",
            "The name is none that is built in.",
            "`GET /api/v1/engines/` lists them.",
        ),
        ProblemKind(
            "inpainter_unavailable",
            (409,),
            "The inpainter cannot be used here",
            "It exists, but this installation lacks its model file or its program.",
            "Choose another one; `GET /api/v1/engines/` says which can be used.",
        ),
        ProblemKind(
            "detector_unavailable",
            (409,),
            "The detector cannot be used here",
            "It exists, but this installation lacks its model file or its account.",
            "Choose another one; `GET /api/v1/engines/` says which can be used.",
        ),
        ProblemKind(
            "weights_missing",
            (409,),
            "A model file is missing",
            "The network's weights are not installed.",
            "An administrator runs `python manage.py weights fetch`.",
        ),
        ProblemKind(
            "detector_throttled",
            (503,),
            "The detector is asked too much",
            "The service behind it takes no more questions for now.",
            "It is tried again by itself; run it again later if it failed.",
        ),
        ProblemKind(
            "detector_unreachable",
            (503,),
            "The detector does not answer",
            "The service behind it cannot be reached, or has a fault of its own.",
            "It is tried again by itself; run it again later if it failed.",
        ),
        ProblemKind(
            "detector_denied",
            (409,),
            "The detector refuses to work for us",
            "The credentials or the region of the service behind it are wrong.",
            "An administrator has to look at the settings.",
        ),
        ProblemKind(
            "detector_rejected_input",
            (422,),
            "The detector does not take this photo",
            "Its format or its size is not taken by the service behind it.",
            "Use the local detector, or paint what should vanish.",
        ),
    ),
)

FAILED_JOBS = Chapter(
    "Jobs that failed",
    (
        ProblemKind(
            "vanish_failed",
            (422, 503),
            "Nothing could be made to vanish",
            "The work on the picture failed; `error` says by which of the causes here.",
            "With 503, ask again later; with 422, send something else.",
        ),
        ProblemKind(
            "vanish_cancelled",
            (409,),
            "The edit was stopped",
            "Somebody deleted the edit while the call waited for it.",
            "Ask again.",
        ),
        ProblemKind(
            "inpainter_no_source",
            (),
            "Nothing is left to fill the hole from",
            "The marked area and its rim cover all that the inpainter looks at.",
            "Mark less of the photo.",
        ),
        ProblemKind(
            "inpainter_crashed",
            (),
            "The inpainter stopped",
            "Its program ended by itself.",
            "Ask again, perhaps with another inpainter.",
        ),
        ProblemKind(
            "inpainter_timeout",
            (),
            "The inpainter took too long",
            "The area needs more time than is given to one edit.",
            "Mark less at once, or choose another inpainter.",
        ),
        ProblemKind(
            "inpainter_wrong_result",
            (),
            "The inpainter gave no picture",
            "What it made has another size or type than it must have.",
            "Choose another inpainter, and tell an administrator.",
        ),
        ProblemKind(
            "inpainter_bad_graph",
            (),
            "The model file cannot be used",
            "The network in it is not the one that is expected.",
            "An administrator runs `python manage.py weights verify`.",
        ),
        ProblemKind(
            "file_gone",
            (),
            "A file of the photo is gone",
            "The photo was deleted while the job was at it, or the storage lost its file.",
            "Upload the photo again.",
        ),
        ProblemKind(
            "worker_lost",
            (),
            "The worker was lost",
            "The program that did the job ended several times before it was done.",
            "Ask again; if it stays, tell an administrator.",
        ),
    ),
)
