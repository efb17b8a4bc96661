"""The key that a client sends: read from its header, and never stored in clear text."""

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.models import User
from web.errors import Fault, Problem

HEADER = "Idempotency-Key"
MAX_LENGTH = 255
PARAMETER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Sent again with the same key within 24 hours, the request is not done again: the "
    "first success is answered once more, with `Idempotency-Replayed: true` (what was a file, by "
    "`303 See Other` to where it is). Refusals and failures leave the key free. A fresh UUID is a "
    "good key. It counts for the signed-in user; without a sign-in it is ignored.",
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_VISIBLE = re.compile(rf"[\x21-\x7e]{{1,{MAX_LENGTH}}}")


@dataclass(frozen=True)
class Key:
    """A user's key. A reader of the database learns neither the key nor the response to it.

    `sign_in_method` is "session" or "token": a token must not get a response that only a session
    may get.
    """

    user: User
    sign_in_method: str
    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of user, sign-in method and key, in hexadecimal digits; it finds the row."""
        return hashlib.sha256(self._whole.encode()).hexdigest()

    def seal(self, answer: bytes) -> bytes:
        """Encrypt a response; reading it takes this key and the site's secret key."""
        return self._build_cipher().encrypt(answer)

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt a response, also of an earlier secret key; raises InvalidToken otherwise."""
        return self._build_cipher().decrypt(sealed)

    @property
    def _whole(self) -> str:
        return f"{self.user.pk}:{self.sign_in_method}:{self.text}"

    def _build_cipher(self) -> MultiFernet:
        secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return MultiFernet([Fernet(self._derive_secret(secret)) for secret in secrets])

    def _derive_secret(self, secret: str) -> bytes:
        mixed = salted_hmac("api.idempotency", self._whole, secret=secret, algorithm="sha256")
        return base64.urlsafe_b64encode(mixed.digest())


def read_key(request: Request) -> Key | None:
    """Read the key of a signed-in client, plain or as the draft's quoted string; None without one.

    Raises Problem: idempotency_key_invalid, unless it is 1 to 255 visible ASCII characters.
    """
    sent = request.headers.get(HEADER)
    if sent is None or not isinstance(request.user, User):
        return None
    quoted = _QUOTED.fullmatch(sent.strip())
    text = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else sent.strip()
    if not _VISIBLE.fullmatch(text):
        message = f"An {HEADER} has 1 to {MAX_LENGTH} visible ASCII characters, and no spaces."
        raise Problem(
            message, code="idempotency_key_invalid", faults=[Fault(message, (HEADER,), "header")]
        )
    return Key(request.user, "session" if request.auth is None else "token", text)
