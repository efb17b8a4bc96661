"""POST requests that a client may safely send twice: the header Idempotency-Key.

After draft-ietf-httpapi-idempotency-key-header-07. A key is valid for its user, for 24 hours, and
separately in sessions and with tokens. Only successful responses are stored: a refused or failed
request has created nothing, and may be sent again, corrected or not. Without a sign-in the header
is ignored.
"""

from api.http.idempotency.once import AlreadyAnswered, KeyClaim, claim_key

__all__ = ["AlreadyAnswered", "KeyClaim", "claim_key"]
