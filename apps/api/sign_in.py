"""Sign-in to get a token: with the same checks and rate limits as the sign-in page."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User
from accounts.policies import may_sign_in
from web.errors import Problem

# As long as the sign-in pages count failed attempts.
RETRY_SECONDS = 300


def authenticate_by_password(request: HttpRequest, *, email: str, password: str) -> User:
    """Return the user with this e-mail address and password.

    Raises:
        AuthenticationFailed: code wrong_credentials, without saying which of the two was wrong.
        Problem: too_many_attempts (429), counted by address and by e-mail address.
    """
    try:
        user = get_adapter().authenticate(request, email=email, password=password)
    except ValidationError:
        raise Problem(
            "Too many failed attempts to sign in: try again in a few minutes.",
            code="too_many_attempts",
            headers={"Retry-After": str(RETRY_SECONDS)},
        ) from None
    if not isinstance(user, User) or not may_sign_in(user):
        message = "The e-mail address or the password is wrong."
        raise AuthenticationFailed(message, code="wrong_credentials")
    return user
