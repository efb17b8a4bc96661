"""Who is let into the admin, and how far."""

from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from tests import people


def client_of(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def superuser() -> Client:
    """Signed in as one who may do everything."""
    return client_of(User.objects.create_superuser("boss@people.example"))


def staff(*permissions: str) -> Client:
    """Signed in as one of the staff who may do just this."""
    user = people.person("staff")
    user.is_staff = True
    user.save()
    return client_of(entitle(user, *permissions))


def entitle(user: User, *permissions: str) -> User:
    """Let `user` do these too; read afresh, because rights are remembered."""
    found = Permission.objects.filter(codename__in=permissions)
    assert found.count() == len(permissions)
    user.user_permissions.add(*found)
    return User.objects.get(pk=user.pk)
