"""Who is asking: sign-in by e-mail address, tokens of scripts, and what a token may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from allauth.account.auth_backends import AuthenticationBackend
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated

from accounts import scopes
from accounts.models import Token, User
from accounts.policies import is_closed_demo, may_sign_in
from accounts.selectors import token_by_plaintext
from accounts.services import token_touch
from web.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.views import APIView

    class ScopedView(APIView):
        """A view that says what its tokens need."""

        def scopes_needed(self, method: str) -> Sequence[str]: ...


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by e-mail address and password; the demo account's only where it is open."""

    @override
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The user whose password this is, or None."""
        user: User | None = super().authenticate(request, **credentials)
        return None if user is None or is_closed_demo(user) else user

    @override
    def get_user(self, user_id: object) -> User | None:
        """The user of a session; None ends the session, also one begun before a change."""
        user: User | None = super().get_user(user_id)
        return user if user is not None and may_sign_in(user) else None


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer <text>`, or `Token <text>`; every refusal says what to do."""

    keywords = (b"bearer", b"token")

    @override
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The token's user and the token; None where the header speaks of something else.

        Raises:
            AuthenticationFailed: codes token_malformed, token_unknown, token_expired,
                account_closed.
        """
        header = get_authorization_header(request).split()
        if not self._is_ours(header):
            return None
        token = token_by_plaintext(self._plaintext(header[1:]))
        if token is None:
            message = "There is no such token, or it was revoked; create a new one."
            raise AuthenticationFailed(message, code="token_unknown")
        self._check(token)
        token_touch(token=token)
        return token.user, token

    @override
    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for, after RFC 6750: a token, or another one than was sent."""
        asked = 'Bearer realm="Vanish"'
        is_refused = self._is_ours(get_authorization_header(request).split())
        return f'{asked}, error="invalid_token"' if is_refused else asked

    def _is_ours(self, header: list[bytes]) -> bool:
        return bool(header) and header[0].lower() in self.keywords

    def _plaintext(self, parts: list[bytes]) -> str:
        try:
            (text,) = parts
            return text.decode("ascii")
        except ValueError:
            message = "Write the header as “Authorization: Bearer ” and the token's letters."
            raise AuthenticationFailed(message, code="token_malformed") from None

    def _check(self, token: Token) -> None:
        if token.has_expired():
            message = f"This token expired on {token.expiry:%Y-%m-%d %H:%M} UTC; create a new one."
            raise AuthenticationFailed(message, code="token_expired")
        if not may_sign_in(token.user):
            message = "This token's account is closed; ask an administrator."
            raise AuthenticationFailed(message, code="account_closed")


class HasScope(IsAuthenticated):
    """Lets a token do what its scopes name; a session may do everything."""

    @override
    def has_permission(self, request: Request, view: ScopedView) -> bool:  # type: ignore[override]
        """Whether the asker is signed in and the token, if there is one, has the scopes.

        Raises:
            Problem: scope_missing (403), naming every missing one.
        """
        if isinstance(request.auth, Token):
            needed = view.scopes_needed(request.method or "")
            if lacking := scopes.missing(request.auth.scopes, needed):
                raise _scope_missing(lacking, needed)
        return super().has_permission(request, view)


def _scope_missing(lacking: Sequence[str], needed: Sequence[str]) -> Problem:
    named = ", ".join(f"“{name}”" for name in lacking)
    challenge = f'Bearer realm="Vanish", error="insufficient_scope", scope="{" ".join(needed)}"'
    return Problem(
        f"This token lacks {named}; create one that has all of it.",
        code="scope_missing",
        members={"missing_scopes": list(lacking)},
        headers={"WWW-Authenticate": challenge},
    )
