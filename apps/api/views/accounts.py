"""The signed-in user and the user's tokens."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.scopes import Resource
from accounts.selectors import select_tokens
from accounts.services import token_create, token_revoke
from api.lists.filtersets import TokenFilters
from api.lists.views import ListView
from api.serializers.accounts import (
    MeSerializer,
    NewTokenSerializer,
    TokenRequestSerializer,
    TokenSerializer,
)
from api.sign_in import authenticate_by_password
from api.views.base import ApiView
from web.errors import Problem


class MeView(ApiView):
    """The signed-in user."""

    no_scope_because = "It shows only whose token it is, and how much of the quotas is left."

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The signed-in user, and how much of the quotas is used."""
        return Response(MeSerializer(self.user).data)


class TokensView(ListView):
    """The user's tokens."""

    resource = Resource.TOKENS
    serializer_class = TokenSerializer
    filterset_class = TokenFilters
    orderings = {"created_at": ("created", "-id"), "name": ("name", "id")}

    def get_permissions(self) -> Sequence[Any]:
        """Allow POST without a sign-in: the body may hold e-mail address and password."""
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    def get_required_scopes(self, method: str) -> Sequence[str]:
        """Return no scopes for POST: no scope lets a token make tokens."""
        return () if method == "POST" else super().get_required_scopes(method)

    @extend_schema(operation_id="tokens_list")
    def get(self, request: Request) -> Response:
        """The user's tokens, expired ones among them, newest first."""
        return self.list_rows(select_tokens(self.user))

    @extend_schema(
        operation_id="tokens_create",
        request=TokenRequestSerializer,
        responses={201: NewTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a token: with e-mail address and password, or in a session without them."""
        values = self.read_body(TokenRequestSerializer)
        days = values["expires_in_days"]
        token, text = token_create(
            user=self._find_owner(values),
            name=values["name"],
            scopes=values["scopes"],
            expires_in=None if days is None else timedelta(days=days),
        )
        location = reverse("api-token", args=[token.id])
        body = {**TokenSerializer(token).data, "token": text}
        return Response(body, status=201, headers={"Location": location})

    def _find_owner(self, values: Mapping[str, Any]) -> User:
        """Return the owner of the new token.

        Raises Problem for a caller with a token, which could otherwise give itself more rights.
        """
        if "email" in values:
            email, password = values["email"], values["password"]
            return authenticate_by_password(self.django_request, email=email, password=password)
        if self.request.auth is not None:
            raise Problem(
                "A token can't make tokens: send e-mail address and password.",
                code="token_cannot_make_tokens",
            )
        if not self.request.user.is_authenticated:
            raise NotAuthenticated("Send e-mail address and password.")
        return self.user


class TokenView(ApiView):
    """One token."""

    resource = Resource.TOKENS

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, token_id: uuid.UUID) -> Response:
        """Revoke it: from now on nobody can use it."""
        token_revoke(user=self.user, token_id=token_id)
        return Response(status=204)
