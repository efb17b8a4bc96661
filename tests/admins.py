"""Who is let into the admin, and how far."""

from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from tests import people


def sign_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def create_superuser() -> Client:
    """Signed in as one who may do everything."""
    return sign_in(User.objects.create_superuser("boss@people.example"))


def create_staff(*permissions: str) -> Client:
    """Signed in as one of the staff who may do just this."""
    user = people.create_person("staff")
    user.is_staff = True
    user.save()
    return sign_in(grant_permissions(user, *permissions))


def grant_permissions(user: User, *permissions: str) -> User:
    """Let `user` do these too; read afresh, because rights are remembered."""
    chosen_permissions = Permission.objects.filter(codename__in=permissions)
    assert chosen_permissions.count() == len(permissions)
    user.user_permissions.add(*chosen_permissions)
    return User.objects.get(pk=user.pk)
