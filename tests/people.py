"""The people of the tests: Alice owns, Bob is shared with, Charlie is a stranger."""

from accounts.models import User

PASSWORD = "a long enough phrase"


def person(name: str, *, password: str | None = None) -> User:
    """A new user called so; signs in by password only where one is given (hashing is slow)."""
    return User.objects.create_user(
        f"{name.lower()}@people.example", password, display_name=name.title()
    )


def alice(*, password: str | None = None) -> User:
    """Who owns things."""
    return person("alice", password=password)


def bob(*, password: str | None = None) -> User:
    """Whom Alice shares with."""
    return person("bob", password=password)


def charlie(*, password: str | None = None) -> User:
    """A stranger to both."""
    return person("charlie", password=password)
