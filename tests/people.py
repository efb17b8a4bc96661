"""The people of the tests: Alice owns, Bob is shared with, Charlie is a stranger."""

from accounts.models import User

PASSWORD = "a long enough phrase"


def create_person(name: str, *, password: str | None = None) -> User:
    """Create a user with this name; without `password` nobody can sign in (hashing is slow)."""
    return User.objects.create_user(
        f"{name.lower()}@people.example", password, display_name=name.title()
    )


def create_alice(*, password: str | None = None) -> User:
    """Create Alice, who owns things."""
    return create_person("alice", password=password)


def create_bob(*, password: str | None = None) -> User:
    """Create Bob, whom Alice shares with."""
    return create_person("bob", password=password)


def create_charlie(*, password: str | None = None) -> User:
    """Create Charlie, a stranger to both."""
    return create_person("charlie", password=password)
