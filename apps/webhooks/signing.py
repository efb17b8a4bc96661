"""Signatures after the Standard Webhooks specification (standardwebhooks.com), version 1."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def secret_create() -> str:
    """A new secret of 32 random bytes: `whsec_` and base64."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(
    *, message_id: str, timestamp: int, body: bytes, secrets_valid: Iterable[str]
) -> dict[str, str]:
    """The three headers; a signature for each secret, so that a receiver may know either.

    `timestamp` is in seconds since 1970, of this try; `message_id` is the same at every try.
    """
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = (_signature(secret, content) for secret in secrets_valid)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, content, "sha256")).decode()
