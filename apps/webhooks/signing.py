"""Signatures of the Standard Webhooks specification (standardwebhooks.com), version 1."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def create_secret() -> str:
    """Return a new secret: `whsec_` and 32 random bytes in base64."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def build_signed_headers(
    *, message_id: str, timestamp: int, body: bytes, secrets_valid: Iterable[str]
) -> dict[str, str]:
    """Return the three headers of a message.

    There is a signature for each secret, so that a receiver can verify with any of them.

    Args:
        message_id: the same at every try.
        timestamp: the time of this try, in seconds since 1970.
        body: the bytes to sign.
        secrets_valid: the secrets, as `create_secret` returns them.
    """
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = (_sign(secret, content) for secret in secrets_valid)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _sign(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, content, "sha256")).decode()
