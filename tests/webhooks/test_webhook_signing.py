"""Signatures, checked with the specification's example and its reference library."""

import time
from base64 import b64decode

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from webhooks.signing import build_signed_headers, create_secret

BODY = '{"type":"ping","data":{"word":"Grüße"}}'.encode()


def sign(*secrets: str, body: bytes = BODY) -> dict[str, str]:
    """Return the headers of a message signed now."""
    return build_signed_headers(
        message_id="msg_1", timestamp=int(time.time()), body=body, secrets_valid=secrets
    )


def test_the_example_of_the_reference_libraries_has_the_same_signature() -> None:
    """The example is of the reference libraries' own tests."""
    headers = build_signed_headers(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
        secrets_valid=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_reference_library_accepts_a_signature() -> None:
    secret = create_secret()
    event = Verifier(secret).verify(BODY, sign(secret))
    assert event["data"] == {"word": "Grüße"}


def test_after_a_rotation_either_secret_is_enough() -> None:
    new, old = create_secret(), create_secret()
    headers = sign(new, old)
    for secret in (new, old):
        assert Verifier(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(create_secret()).verify(BODY, headers)


def test_a_changed_message_is_not_accepted() -> None:
    secret = create_secret()
    headers = sign(secret)
    for changed in (headers | {"webhook-id": "msg_2"}, sign(secret, body=BODY + b" ")):
        with pytest.raises(WebhookVerificationError):
            Verifier(secret).verify(BODY, changed)


def test_secrets_are_unique_and_as_long_as_specified() -> None:
    secrets = {create_secret() for _ in range(50)}
    assert len(secrets) == 50
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert 24 <= len(b64decode(secret.removeprefix("whsec_"))) <= 64
