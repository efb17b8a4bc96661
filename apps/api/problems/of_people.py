"""Who is asking, what they may do, and what they share."""

from api.problems.kinds import Chapter, ProblemKind

SIGNING_IN = Chapter(
    "Signing in",
    (
        ProblemKind(
            "not_authenticated",
            (401,),
            "Nobody is signed in",
            "The request carries no token, and no session of our own pages.",
            "Send `Authorization: Bearer` and a token; make one on the Tokens page.",
        ),
        ProblemKind(
            "token_malformed",
            (401,),
            "The header holds no token",
            "After `Bearer` or `Token` stands nothing, several words, or what is no letter.",
            "Send `Authorization: Bearer`, one space, and the token as it was shown.",
        ),
        ProblemKind(
            "token_unknown",
            (401,),
            "There is no such token",
            "The token was revoked, or its text is not complete.",
            "Make a new one.",
        ),
        ProblemKind(
            "token_expired",
            (401,),
            "The token's time is over",
            "Every token ends on the day that it was given.",
            "Make a new one.",
        ),
        ProblemKind(
            "account_closed",
            (401,),
            "The account is closed",
            "The token's owner may not use the site any more.",
            "Ask an administrator.",
        ),
        ProblemKind(
            "wrong_credentials",
            (401,),
            "The e-mail address or the password is wrong",
            "No account has this pair; which of the two is wrong is not told.",
            "Check both, or set a new password on the page for signing in.",
        ),
        ProblemKind(
            "too_many_attempts",
            (429,),
            "Too many failed attempts to sign in",
            "Signing in failed several times in a row from here or for this address.",
            "Wait as `Retry-After` says.",
        ),
        ProblemKind(
            "token_invalid",
            (422,),
            "Such a token cannot be made",
            "Its name, its scopes or its life is not what it must be.",
            "Look at `errors`.",
        ),
    ),
)

RIGHTS = Chapter(
    "What one may do",
    (
        ProblemKind(
            "scope_missing",
            (403,),
            "The token lacks a scope",
            "Its owner may do this, but the token was not given the right to.",
            "Make a token with the scopes in `missing_scopes`, all of them.",
        ),
        ProblemKind(
            "not_allowed",
            (403,),
            "Your role does not allow this",
            "A viewer looks, an editor changes photos, the owner decides about the album.",
            "Ask the album's owner for another role.",
        ),
        ProblemKind(
            "token_cannot_make_tokens",
            (403,),
            "A token can't make tokens",
            "A token that made others could give itself more rights, or a longer life.",
            "Send `email` and `password` with the wish, or make it on the Tokens page.",
        ),
        ProblemKind(
            "permission_denied",
            (403,),
            "The session's proof is missing",
            "A request in a session of our own pages came without its CSRF token.",
            "Use a token in scripts; on the pages, load the page again.",
        ),
    ),
)

SHARING = Chapter(
    "Albums, members and links",
    (
        ProblemKind(
            "name_missing",
            (422,),
            "The album has no name",
            "The name is empty or blank.",
            "Send a name.",
        ),
        ProblemKind(
            "name_too_long",
            (422,),
            "The album's name is too long",
            "A name has at most 120 characters.",
            "Choose a shorter one.",
        ),
        ProblemKind(
            "unknown_person",
            (422,),
            "Nobody has this e-mail address",
            "Members need an account, and nobody has signed up with this address.",
            "Ask the person to sign up, or make a share link.",
        ),
        ProblemKind(
            "unknown_role",
            (422,),
            "There is no such role",
            "A member is an editor or a viewer.",
            "Send one of these.",
        ),
        ProblemKind(
            "already_member",
            (409,),
            "The person is a member already",
            "Everybody has one role in an album.",
            "Change the role of the member that there is.",
        ),
        ProblemKind(
            "owner_stays",
            (409,),
            "The owner stays the owner",
            "An album's owner can neither be removed nor get another role.",
            "Delete the album, or let its owner do it.",
        ),
        ProblemKind(
            "unknown_life",
            (422,),
            "A link cannot live that long",
            "The number of days is none that links can have.",
            "Look at `errors` for the choice.",
        ),
    ),
)

WEBHOOKS = Chapter(
    "Webhooks",
    (
        ProblemKind(
            "webhook_url_not_allowed",
            (422,),
            "This address gets no webhooks",
            "It is not public, not https, or leads into a private network.",
            "Give a public https address.",
        ),
        ProblemKind(
            "webhook_events_invalid",
            (422,),
            "There are no such events",
            "The list of events is empty or names one that does not exist.",
            "Look at `errors` for the events that there are.",
        ),
        ProblemKind(
            "too_many_webhooks",
            (409,),
            "You have as many webhooks as you can",
            "The number of webhooks for one account is limited.",
            "Delete one that you do not need.",
        ),
        ProblemKind(
            "webhook_off",
            (409,),
            "The webhook is switched off",
            "It was switched off by you, or after too many failures in a row.",
            "Mend what stands behind it, then switch it on.",
        ),
        ProblemKind(
            "delivery_unfinished",
            (409,),
            "The delivery is on its way",
            "It is not over yet, so it cannot be sent again.",
            "Wait until it has succeeded or failed.",
        ),
    ),
)
