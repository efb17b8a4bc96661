"""Requests that cannot be read, come too often, or come at the wrong time."""

from api.problems.kinds import Chapter, ProblemKind

READING = Chapter(
    "Reading the request",
    (
        ProblemKind(
            "parse_error",
            (400,),
            "The body is not JSON",
            "The body cannot be read as JSON: a bracket is missing, or NaN or half a character "
            "stands in it.",
            "Send valid JSON in UTF-8, or a form where the operation takes one.",
        ),
        ProblemKind(
            "malformed",
            (400,),
            "The request cannot be read",
            "The form, its encoding or its number of fields is not what HTTP allows here.",
            "Let an HTTP library build the form; do not write the boundary by hand.",
        ),
        ProblemKind(
            "invalid",
            (422,),
            "A field is not what it must be",
            "The body can be read, but a field is missing, of another type or out of its range, or "
            "has a name that the operation does not know.",
            "Look at `errors`: each entry points to a field and says what was expected; for an "
            "unknown one, the names that there are.",
        ),
        ProblemKind(
            "unknown_parameter",
            (400,),
            "There is no such query parameter",
            "The address carries a parameter that this operation does not know.",
            "Check its spelling; `errors` lists the parameters that there are.",
        ),
        ProblemKind(
            "invalid_parameter",
            (400,),
            "A query parameter is not what it must be",
            "The parameter exists, but not with this value.",
            "Look at `errors` for what it takes.",
        ),
        ProblemKind(
            "unknown_field",
            (400,),
            "There is no such field to show",
            "`fields` names something that the answer does not have.",
            "Name only fields of the answer; `errors` lists them.",
        ),
        ProblemKind(
            "bad_cursor",
            (400,),
            "The cursor is not one of ours",
            "The cursor was changed on its way, or belongs to another list or ordering.",
            "Follow `next` and `previous` as they stand, or begin again without a cursor.",
        ),
        ProblemKind(
            "unsupported_media_type",
            (415,),
            "This type of body is not taken here",
            "The Content-Type is none that the operation reads.",
            "Send application/json, or multipart/form-data where files are taken.",
        ),
        ProblemKind(
            "length_required",
            (411,),
            "The length of the body is missing",
            "The body came in chunks, so its length was not known before.",
            "Send a Content-Length.",
        ),
        ProblemKind(
            "too_large",
            (413,),
            "Too many bytes",
            "The body, or the picture in it, is larger than the operation takes.",
            "Send a smaller file; JPEG is smaller than PNG.",
        ),
        ProblemKind(
            "request_too_large",
            (413,),
            "The request is too large",
            "The fields of the request, without its files, are larger than is taken.",
            "Send less at once.",
        ),
        ProblemKind(
            "method_not_allowed",
            (405,),
            "The address does not know this method",
            "The address exists, but not with this verb.",
            "Use one of those in the `Allow` header.",
        ),
        ProblemKind(
            "not_found",
            (404,),
            "There is nothing here",
            "The thing does not exist, was deleted, or is somebody else's: these look the same.",
            "Check the address and its slash at the end, and whose token you send.",
        ),
    ),
)

AGAIN = Chapter(
    "The same again, and the state of things",
    (
        ProblemKind(
            "precondition_failed",
            (412,),
            "It has changed meanwhile",
            "`If-Match` names a state that is over: somebody else changed it since you looked.",
            "Get it again, look at the change, and send yours with the new ETag.",
        ),
        ProblemKind(
            "condition_not_supported",
            (400,),
            "This operation knows no conditions",
            "A condition such as `If-Match` came with an operation that would not have kept it.",
            "Leave the header out, or use the operation's own means to avoid a clash.",
        ),
        ProblemKind(
            "idempotency_key_invalid",
            (400,),
            "The Idempotency-Key cannot be used",
            "The key is empty, too long, or has characters that a header must not have.",
            "Send a fresh UUID for each thing that you want done once.",
        ),
        ProblemKind(
            "idempotency_key_reused",
            (422,),
            "The Idempotency-Key belongs to another request",
            "The same key came with another method, address or body in the last 24 hours.",
            "Take a new key for a new request; keep it only to repeat the same one.",
        ),
        ProblemKind(
            "idempotency_in_progress",
            (409,),
            "The first request with this key is at work",
            "A request with this key came before and has no answer yet.",
            "Wait as `Retry-After` says, then send the same request again.",
        ),
        ProblemKind(
            "idempotency_answer_lost",
            (409,),
            "It was done, but its answer is lost",
            "The request was done once; its kept answer cannot be read any more.",
            "Look in the list for what was made. Sending it with a new key would make another.",
        ),
    ),
)

LIMITS = Chapter(
    "Limits and faults of the server",
    (
        ProblemKind(
            "throttled",
            (429,),
            "Too many requests",
            "A user has a number of calls a minute, a token a share of its user's, an address one "
            "for calls without a sign-in; reads, writes and heavy calls count by themselves. "
            "`violated_policies` names what is used up.",
            "Wait as `Retry-After` says; `RateLimit` tells with every answer what is left.",
        ),
        ProblemKind(
            "busy",
            (503,),
            "The server is busy",
            "As many pictures as the server can hold are being worked on.",
            "Wait as `Retry-After` says, then try again.",
        ),
        ProblemKind(
            "database_busy",
            (503,),
            "The database does not answer",
            "Two calls were in each other's way, or the database starts anew.",
            "Wait as `Retry-After` says, then try again; nothing was half-done.",
        ),
        ProblemKind(
            "storage_failed",
            (503, 507),
            "The storage does not answer",
            "A file could not be read or written: the disk is full, or the file is gone.",
            "Try again later; if it stays, tell an administrator.",
        ),
        ProblemKind(
            "internal_error",
            (500,),
            "Something went wrong on our side",
            "A fault in Vanish that nobody foresaw. It was written to the log.",
            "Try again; if it stays, tell an administrator when it happened.",
        ),
    ),
)
