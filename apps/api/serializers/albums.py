"""Albums and their members."""

from typing import Any

from rest_framework import serializers

from gallery.models import Album, AlbumMember, Role

SHAREABLE = [(role.value, role.label) for role in (Role.EDITOR, Role.VIEWER)]


class AlbumSerializer(serializers.Serializer[Album]):
    """An album as the user sees it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    is_default = serializers.BooleanField(help_text="Where uploads without an album go.")
    role = serializers.ChoiceField(Role.choices, help_text="The user's own.")
    photo_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class AlbumNameSerializer(serializers.Serializer[Any]):
    """An album's name."""

    name = serializers.CharField(max_length=120, allow_blank=True)


class MemberSerializer(serializers.Serializer[AlbumMember]):
    """One person's role in an album."""

    id = serializers.UUIDField(help_text="Of the membership, not of the person.")
    email = serializers.EmailField(source="user.email")
    display_name = serializers.CharField(source="user.display_name")
    role = serializers.ChoiceField(Role.choices)


class MemberRoleSerializer(serializers.Serializer[Any]):
    """Another role for a member."""

    role = serializers.ChoiceField(
        SHAREABLE, error_messages={"invalid_choice": "A member is an editor or a viewer."}
    )


class MemberRequestSerializer(MemberRoleSerializer):
    """Whom to share an album with."""

    email = serializers.CharField(max_length=254)
