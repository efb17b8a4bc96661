"""How much a user may have."""

from api.problems.kinds import Chapter, ProblemKind

QUOTAS = Chapter(
    "Quotas",
    (
        ProblemKind(
            "quota_storage",
            (403,),
            "The storage is full",
            "Originals, masks, and the pixels that edits changed count for the owner of the "
            "album that they are in. Pictures that are made from them do not.",
            "Delete photos, or ask an administrator for more.",
        ),
        ProblemKind(
            "quota_pixels",
            (429,),
            "The pixels of this day are used up",
            "Every edit counts with all pixels of its photo, for who asks for it. Edits that are "
            "cancelled before they start do not count.",
            "Wait until midnight UTC, as `Retry-After` says, or ask an administrator for more.",
        ),
        ProblemKind(
            "quota_edits_in_flight",
            (429,),
            "Too many edits wait or run",
            "Every user may have a number of edits that have not ended.",
            "Wait for some of them to end, or cancel them.",
        ),
    ),
)
