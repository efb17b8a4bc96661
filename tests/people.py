"""The people of the tests: Alice owns, Bob is shared with, Charlie is a stranger."""

from accounts.models import User

PASSWORD = "a long enough phrase"


def create_person(name: str, *, password: str | None = None) -> User:
    """A new user called so; signs in by password only where one is given (hashing is slow)."""
    return User.objects.create_user(
        f"{name.lower()}@people.example", password, display_name=name.title()
    )


def create_alice(*, password: str | None = None) -> User:
    """Who owns things."""
    return create_person("alice", password=password)


def create_bob(*, password: str | None = None) -> User:
    """Whom Alice shares with."""
    return create_person("bob", password=password)


def create_charlie(*, password: str | None = None) -> User:
    """A stranger to both."""
    return create_person("charlie", password=password)
