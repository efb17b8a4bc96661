"""The signed-in user and the user's tokens."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Token, User
from accounts.scopes import SCOPES, Verb
from accounts.usage import get_usage

MAX_DAYS = 3650
DEFAULT_DAYS = 90


class UsedSerializer(serializers.Serializer[Any]):
    """How much of a quota is used."""

    used = serializers.IntegerField()
    quota = serializers.IntegerField()


class UsedTodaySerializer(UsedSerializer):
    """How much of a day's quota is used."""

    resets_at = serializers.DateTimeField(help_text="When all of it may be used again.")


class UsageSerializer(serializers.Serializer[Any]):
    """How much of the quotas the user has used."""

    storage_bytes = UsedSerializer(
        help_text="Originals, masks, and pixels that edits changed, in albums that the user owns."
    )
    pixels_today = UsedTodaySerializer(help_text="Of the photos that the user asked to edit.")
    edits_in_flight = UsedSerializer(help_text="The user's edits that wait or run.")


class MeSerializer(serializers.Serializer[User]):
    """The signed-in user."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    display_name = serializers.CharField()
    usage = serializers.SerializerMethodField()

    @extend_schema_field(UsageSerializer)
    def get_usage(self, user: User) -> dict[str, Any]:
        """What is used now."""
        return UsageSerializer(get_usage(user)).data


class TokenSerializer(serializers.Serializer[Token]):
    """A token; its text is shown once, when it is made."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES))
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class NewTokenSerializer(TokenSerializer):
    """A token that was just made."""

    token = serializers.CharField(help_text="For the header `Authorization: Bearer …`. Keep it.")


class TokenRequestSerializer(serializers.Serializer[Any]):
    """A request for a token: with e-mail address and password, or in a session."""

    email = serializers.CharField(max_length=254, required=False)
    password = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(
            SCOPES, error_messages={"invalid_choice": f"Scopes are {', '.join(SCOPES)}."}
        ),
        default=list(Verb),
        max_length=len(SCOPES),
    )
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=MAX_DAYS, default=DEFAULT_DAYS, allow_null=True
    )

    def validate(self, attrs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Require e-mail address and password together. Raises ValidationError for one of them."""
        missing = {"email", "password"} - attrs.keys()
        if len(missing) == 1:
            raise serializers.ValidationError({missing.pop(): ["This field is required."]})
        return attrs
