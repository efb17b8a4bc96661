"""Browsers of users with different rights in the admin."""

from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from tests import people


def sign_in(user: User) -> Client:
    """Return a client in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def create_superuser() -> Client:
    """Return a client of a new superuser."""
    return sign_in(User.objects.create_superuser("boss@people.example"))


def create_staff(*permissions: str) -> Client:
    """Return a client of a new staff user who has only these permissions."""
    user = people.create_person("staff")
    user.is_staff = True
    user.save()
    return sign_in(grant_permissions(user, *permissions))


def grant_permissions(user: User, *permissions: str) -> User:
    """Give `user` these permissions and return the user read again: Django caches permissions."""
    chosen_permissions = Permission.objects.filter(codename__in=permissions)
    assert chosen_permissions.count() == len(permissions)
    user.user_permissions.add(*chosen_permissions)
    return User.objects.get(pk=user.pk)
