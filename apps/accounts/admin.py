"""Users and tokens in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import Token, User
from accounts.services import token_revoke
from accounts.usage import describe_usage

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class NewUserForm(AdminUserCreationForm):
    """The form of a new user: address, name, password."""

    class Meta:
        model = User
        fields = ("email", "display_name")


class UserForm(UserChangeForm):
    """The form of an existing user; the password is a link to its own page."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """The users, their rights and their quotas."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("email", "display_name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    search_fields = ("email", "display_name", "=id")
    ordering = ("-date_joined",)
    readonly_fields = ("id", "date_joined", "last_login", "usage")
    fieldsets = (
        (None, {"fields": ("id", "email", "display_name", "password")}),
        (
            "What they may do",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (
            "What they may have",
            {"fields": ("usage", "storage_quota", "pixel_quota", "edit_quota")},
        ),
        ("When", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "display_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    @admin.display(description="used now")
    def usage(self, user: User) -> str:
        """Return how much of each quota the user has used."""
        return describe_usage(user)


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    """The tokens; admins can view and revoke them, but not create or change them."""

    list_display = ("name", "user", "scopes", "created", "expiry", "last_used_at")
    list_filter = ("created", "expiry", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("name", "user__email", "=id")
    fields = ("id", "name", "user", "scopes", "created", "expiry", "last_used_at")
    actions = ("revoke",)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False, because whoever creates a token sees its text, and only its owner may."""
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        """Return False, because a token's scopes and expiry never change."""
        return False

    @admin.action(description="Revoke the chosen tokens", permissions=["delete"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        """Revoke each token by the service that its owner uses too."""
        tokens = list(queryset.select_related("user"))
        for token in tokens:
            token_revoke(user=token.user, token_id=token.id)
        messages.success(request, f"Revoked: {len(tokens)}.")
