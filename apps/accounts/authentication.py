"""Who is asking: sign-in by e-mail address, tokens of scripts, and what a token may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from allauth.account.auth_backends import AuthenticationBackend
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

from accounts.models import Scope, Token, User
from accounts.policies import is_closed_demo, may_sign_in
from accounts.selectors import token_by_plaintext
from accounts.services import token_touch

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.views import APIView


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
    """Reads `Authorization: Token <text>`; every refusal says what to do."""

    keyword = "Token"

    @override
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The token's user and the token; None where the header speaks of something else.

        Raises:
            AuthenticationFailed: codes token_malformed, token_unknown, token_expired,
                account_closed.
        """
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != self.keyword.lower().encode():
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
        """What a 401 asks for."""
        return self.keyword

    def _plaintext(self, parts: list[bytes]) -> str:
        try:
            (text,) = parts
            return text.decode("ascii")
        except ValueError:
            message = "Write the header as “Authorization: Token ” and the token's letters."
            raise AuthenticationFailed(message, code="token_malformed") from None

    def _check(self, token: Token) -> None:
        if token.has_expired():
            message = f"This token expired on {token.expiry:%Y-%m-%d %H:%M} UTC; create a new one."
            raise AuthenticationFailed(message, code="token_expired")
        if not may_sign_in(token.user):
            message = "This token's account is closed; ask an administrator."
            raise AuthenticationFailed(message, code="account_closed")


class HasScope(IsAuthenticated):
    """Lets a token look with “read” and change with “write”; a session may do both."""

    @override
    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the asker is signed in and the token, if there is one, has the scope.

        Raises:
            PermissionDenied: code scope_missing, naming the scope.
        """
        if isinstance(request.auth, Token):
            needed = Scope.READ if request.method in SAFE_METHODS else Scope.WRITE
            if needed not in request.auth.scopes:
                message = f"This token lacks the scope “{needed}”; create one that has it."
                raise PermissionDenied(message, code="scope_missing")
        return super().has_permission(request, view)
