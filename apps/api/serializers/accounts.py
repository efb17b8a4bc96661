"""Who is asking, and tokens."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.models import Scope, Token, User

MOST_DAYS = 3650
DEFAULT_DAYS = 90


class MeSerializer(serializers.Serializer[User]):
    """The user who is asking."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    display_name = serializers.CharField()


class TokenSerializer(serializers.Serializer[Token]):
    """A token; its text is shown once, when it is made."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class NewTokenSerializer(TokenSerializer):
    """A token that was just made."""

    token = serializers.CharField(help_text="For the header `Authorization: Token …`. Keep it.")


class TokenRequestSerializer(serializers.Serializer[Any]):
    """A wish for a token; by e-mail address and password, or in a session."""

    email = serializers.CharField(max_length=254, required=False)
    password = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(
            Scope.choices, error_messages={"invalid_choice": "Scopes are read and write."}
        ),
        default=list(Scope.values),
        max_length=10,
    )
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=MOST_DAYS, default=DEFAULT_DAYS, allow_null=True
    )

    def validate(self, attrs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Either both of e-mail address and password, or neither."""
        missing = {"email", "password"} - attrs.keys()
        if len(missing) == 1:
            raise serializers.ValidationError({missing.pop(): ["This field is required."]})
        return attrs
