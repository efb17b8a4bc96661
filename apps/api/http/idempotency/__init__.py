"""POSTs that may be sent twice: the header Idempotency-Key.

After draft-ietf-httpapi-idempotency-key-header-07. A key counts for its user, for 24 hours, and in
sessions and by tokens each for itself. Only successes are kept: what was refused or failed made
nothing, and may be sent again, mended or not. Without a sign-in the header is not looked at.
"""

from api.http.idempotency.once import Answered, Once, begin

__all__ = ["Answered", "Once", "begin"]
