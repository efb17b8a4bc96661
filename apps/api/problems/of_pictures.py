"""Pictures on their way in and out."""

from api.problems.kinds import Chapter, ProblemKind

FILES = Chapter(
    "Pictures that cannot be taken in",
    (
        ProblemKind(
            "unsupported_type",
            (415,),
            "Not a type of picture that we open",
            "The file is no picture, or of a type or kind that is not read here.",
            "Save it as JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF or BMP.",
        ),
        ProblemKind(
            "empty_file",
            (422,),
            "The file is empty",
            "It has no bytes at all.",
            "Look whether your program read the file before sending it.",
        ),
        ProblemKind(
            "truncated",
            (422,),
            "The end of the file is missing",
            "The picture begins well and stops early.",
            "Copy or download it again.",
        ),
        ProblemKind(
            "corrupt",
            (422,),
            "The file is damaged",
            "It says that it is a picture, but cannot be opened as one.",
            "Save it again in an image editor, or use another copy.",
        ),
        ProblemKind(
            "too_many_pixels",
            (422,),
            "Too many pixels",
            "The picture is larger than can be opened, whatever its file's size.",
            "Make it smaller.",
        ),
        ProblemKind(
            "too_many_scans",
            (422,),
            "Too many passes in the JPEG",
            "A progressive JPEG with this many passes takes too long to open.",
            "Save it as an ordinary JPEG.",
        ),
        ProblemKind(
            "decode_memory",
            (422,),
            "Opening it needs too much memory",
            "The picture's kind needs more memory than is given to one picture.",
            "Make it smaller, or save it as an ordinary JPEG or PNG.",
        ),
        ProblemKind(
            "decode_timeout",
            (422,),
            "Opening it takes too long",
            "The picture's kind needs more time than is given to one picture.",
            "Make it smaller, or save it as an ordinary JPEG or PNG.",
        ),
        ProblemKind(
            "title_missing",
            (422,),
            "The photo has no title",
            "The title is empty or blank.",
            "Send a title, or leave the field out.",
        ),
    ),
)

ADDRESSES = Chapter(
    "Pictures from an address",
    (
        ProblemKind(
            "url_not_allowed",
            (422,),
            "Pictures are not fetched from there",
            "The address is not public, not http or https, or leads into a private network.",
            "Give a public address, or send the file itself.",
        ),
        ProblemKind(
            "url_unreachable",
            (422,),
            "Nothing answers there",
            "The other server does not exist, hangs up, or answers with an error.",
            "Open the address in a browser to see whether it works.",
        ),
        ProblemKind(
            "url_too_slow",
            (422,),
            "The other server is too slow",
            "The picture did not arrive in the time that is given to it.",
            "Try again later, or send the file itself.",
        ),
        ProblemKind(
            "url_too_large",
            (422,),
            "The file there is too large",
            "More bytes stand at the address than a picture may have.",
            "Save it smaller and send the file.",
        ),
        ProblemKind(
            "url_not_a_picture",
            (422,),
            "No picture stands there",
            "The address leads to a page or to something else.",
            "Give the address of the picture itself.",
        ),
    ),
)

UPLOADS = Chapter(
    "Direct uploads",
    (
        ProblemKind(
            "too_many_uploads",
            (429,),
            "Too many uploads are unfinished",
            "Announced files take up space until they are taken in or given up.",
            "Finish or delete some, or wait an hour.",
        ),
        ProblemKind(
            "upload_incomplete",
            (409,),
            "The file has not arrived whole",
            "Parts of it are missing.",
            "Get the upload again and make the calls that it lists.",
        ),
        ProblemKind(
            "upload_wrong_size",
            (422,),
            "Another number of bytes arrived",
            "The part or the file is not as long as was announced.",
            "Send each part as it is described, or announce the right length.",
        ),
        ProblemKind(
            "upload_wrong_digest",
            (422,),
            "The file arrived damaged",
            "Its SHA-256 is not the one that was announced.",
            "Begin again.",
        ),
        ProblemKind(
            "upload_expired",
            (410,),
            "The upload's time is over",
            "An announced file has to arrive within an hour.",
            "Begin again.",
        ),
        ProblemKind(
            "upload_gone",
            (410,),
            "The upload is over",
            "It was taken in or given up, and takes no more bytes.",
            "Begin again.",
        ),
    ),
)

DOWNLOADS = Chapter(
    "Downloads",
    (
        ProblemKind(
            "unknown_format",
            (400,),
            "There is no such format",
            "`format` is none of those that pictures are written in.",
            "Look at `errors` for the choice.",
        ),
        ProblemKind(
            "unsupported_format",
            (422,),
            "Pictures are not written in this format",
            "It can be read, perhaps, but not written.",
            "Choose JPEG, PNG, WebP or TIFF.",
        ),
        ProblemKind(
            "format_cannot_hold",
            (422,),
            "The format cannot hold this picture",
            "The picture has more pixels a side than the format allows.",
            "Choose another format, or a smaller size.",
        ),
        ProblemKind(
            "patch_unreadable",
            (409,),
            "A stored part of the photo is damaged",
            "What an edit changed cannot be read from the storage any more.",
            "An administrator has to restore it from a backup.",
        ),
    ),
)
