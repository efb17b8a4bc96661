"""Authentication: sign-in by e-mail address, tokens of scripts, and the scopes of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from allauth.account.auth_backends import AuthenticationBackend
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated

from accounts import scopes
from accounts.models import Token, User
from accounts.policies import is_closed_demo, may_sign_in
from accounts.selectors import find_token
from accounts.services import token_touch
from web.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.views import APIView

    class ScopedView(APIView):
        """A view that names the scopes that a token needs."""

        def get_required_scopes(self, method: str) -> Sequence[str]: ...


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by e-mail address and password; the demo account only where it is open."""

    @override
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the user with this address and password, or None."""
        user: User | None = super().authenticate(request, **credentials)
        return None if user is None or is_closed_demo(user) else user

    @override
    def get_user(self, user_id: object) -> User | None:
        """Return the user of a session; None if they may not sign in, which ends the session."""
        user: User | None = super().get_user(user_id)
        return user if user is not None and may_sign_in(user) else None


class TokenAuthentication(BaseAuthentication):
    """Signs in by the header `Authorization: Bearer <text>` or `Token <text>`."""

    keywords = (b"bearer", b"token")

    @override
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the token's user and the token, or None if the header has another scheme.

        Raises:
            AuthenticationFailed: codes token_malformed, token_unknown, token_expired,
                account_closed.
        """
        header = get_authorization_header(request).split()
        if not self._is_ours(header):
            return None
        token = find_token(self._read_plaintext(header[1:]))
        if token is None:
            message = "There is no such token, or it was revoked; create a new one."
            raise AuthenticationFailed(message, code="token_unknown")
        self._check(token)
        token_touch(token=token)
        return token.user, token

    @override
    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 (RFC 6750); it names the error if a token was sent."""
        challenge = 'Bearer realm="Vanish"'
        has_token = self._is_ours(get_authorization_header(request).split())
        return f'{challenge}, error="invalid_token"' if has_token else challenge

    def _is_ours(self, header: list[bytes]) -> bool:
        return bool(header) and header[0].lower() in self.keywords

    def _read_plaintext(self, parts: list[bytes]) -> str:
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
    """Allows a token what its scopes name, and a session everything."""

    @override
    def has_permission(self, request: Request, view: ScopedView) -> bool:  # type: ignore[override]
        """Return whether the user is signed in; a token must have the scopes of the view.

        Raises:
            Problem: scope_missing (403), with all missing scopes.
        """
        if isinstance(request.auth, Token):
            required = view.get_required_scopes(request.method or "")
            if missing := scopes.find_missing_scopes(request.auth.scopes, required):
                raise _build_scope_problem(missing, required)
        return super().has_permission(request, view)


def _build_scope_problem(missing: Sequence[str], required: Sequence[str]) -> Problem:
    names = ", ".join(f"“{name}”" for name in missing)
    challenge = f'Bearer realm="Vanish", error="insufficient_scope", scope="{" ".join(required)}"'
    return Problem(
        f"This token lacks {names}; create one that has all of it.",
        code="scope_missing",
        members={"missing_scopes": list(missing)},
        headers={"WWW-Authenticate": challenge},
    )
