"""Choosing what goes, and the steps of a photo."""

from api.problems.kinds import Chapter, ProblemKind

MASKS = Chapter(
    "Masks",
    (
        ProblemKind(
            "mask_unreadable",
            (422,),
            "The mask is no picture",
            "The file cannot be opened.",
            "Send a PNG, light where pixels are to go.",
        ),
        ProblemKind(
            "mask_wrong_size",
            (422,),
            "The mask is not as large as the photo",
            "Each pixel of the mask stands for one of the photo.",
            "Make it exactly as large: `expected` and `received` tell both sizes.",
        ),
        ProblemKind(
            "mask_empty",
            (422,),
            "Nothing is marked",
            "No pixel of the mask is light and opaque.",
            "Mark what should vanish: 255 goes, 0 stays.",
        ),
        ProblemKind(
            "mask_covers_everything",
            (422,),
            "Everything is marked",
            "Nothing is left of the photo to fill the hole from.",
            "Leave some of it unmarked. Perhaps black and white are swapped.",
        ),
        ProblemKind(
            "mask_in_use",
            (409,),
            "The mask belongs to an edit",
            "The photo's history needs it.",
            "It goes when the photo does.",
        ),
    ),
)

CHOOSING = Chapter(
    "Choosing what goes",
    (
        ProblemKind(
            "nothing_chosen",
            (422,),
            "Nothing was chosen",
            "The request names no object, label, box, polygon or mask.",
            "Send at least one of them.",
        ),
        ProblemKind(
            "box_outside",
            (422,),
            "A box lies outside the photo",
            "Boxes are in pixels of the photo, from its top left corner.",
            "Look at the photo's width and height.",
        ),
        ProblemKind(
            "polygon_outside",
            (422,),
            "A polygon lies outside the photo",
            "Corners are in pixels of the photo, from its top left corner.",
            "Look at the photo's width and height.",
        ),
        ProblemKind(
            "polygons_too_large",
            (422,),
            "The polygons are too long",
            "Their outlines cross too many rows of the photo together.",
            "Send fewer corners, or a mask.",
        ),
        ProblemKind(
            "unknown_detection",
            (422,),
            "The object is not in this photo",
            "The detection belongs to another photo, or to an earlier run.",
            "List the photo's detections again.",
        ),
        ProblemKind(
            "unknown_label",
            (422,),
            "Nothing of this name was found",
            "No object with the label is in the photo, or it has vanished already.",
            "Choose one of the labels in `detail`, or send a box or a mask.",
        ),
        ProblemKind(
            "detection_without_place",
            (422,),
            "It is not known where the object is",
            "The detector saw it, but not where.",
            "Send a box, a polygon or a mask.",
        ),
        ProblemKind(
            "detection_unfinished",
            (409,),
            "Objects are still being looked for",
            "Labels mean something once the search is over.",
            "Wait for the run to end, then ask again.",
        ),
        ProblemKind(
            "detection_finished",
            (409,),
            "The search has ended",
            "What is over cannot be stopped.",
            "Look at what it found, or run it again.",
        ),
        ProblemKind(
            "detection_cancelled",
            (),
            "The search was stopped",
            "Objects were to be chosen by label, but the search for them did not finish.",
            "Run the detection again, then ask again.",
        ),
        ProblemKind(
            "setting_out_of_range",
            (422,),
            "A setting is out of its range",
            "`grow` or `feather` is below 0 or too large.",
            "Look at `errors` for the range.",
        ),
        ProblemKind(
            "two_bases",
            (422,),
            "Two states to start from",
            "An edit starts from a revision or from an earlier edit, not from both.",
            "Name one, or none for the newest state.",
        ),
    ),
)

STEPS = Chapter(
    "Edits and states",
    (
        ProblemKind(
            "edit_finished",
            (409,),
            "The edit has ended",
            "What is over cannot be stopped.",
            "Undo it instead.",
        ),
        ProblemKind(
            "edit_not_failed",
            (409,),
            "The edit did not fail",
            "Only what failed or was stopped can be tried again.",
            "Ask for a new edit.",
        ),
        ProblemKind(
            "nothing_to_undo",
            (409,),
            "There is nothing to undo",
            "The photo shows its original.",
            "Nothing is to be done.",
        ),
        ProblemKind(
            "nothing_to_redo",
            (409,),
            "There is nothing to redo",
            "The photo shows the newest state of its line.",
            "Make another state current by its id.",
        ),
    ),
)
