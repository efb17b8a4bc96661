"""Tokens: created once, stored as a hash, revoked only by their owner."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Token, User
from accounts.selectors import find_token, select_tokens
from accounts.services import token_create, token_revoke, token_touch
from tests.people import create_alice, create_bob, create_charlie
from web.errors import NotThere, Problem

pytestmark = pytest.mark.django_db


def create_token(user: User, **changes: object) -> tuple[Token, str]:
    values = {"name": "script", "scopes": ["read"], "expires_in": None} | changes
    return token_create(user=user, **values)  # type: ignore[arg-type]


def test_the_text_is_long_and_random_and_only_its_hash_is_stored() -> None:
    token, plaintext = create_token(create_alice())
    _, other = create_token(create_bob())
    assert len(bytes.fromhex(plaintext)) == 32
    assert plaintext != other
    stored = str(Token.objects.filter(pk=token.pk).values().get())
    assert plaintext not in stored
    # Knox keeps the first letters to tell tokens apart; 128 bits and more stay unknown.
    assert plaintext[: -128 // 4] not in stored
    assert find_token(plaintext) == token


def test_a_token_has_the_requested_name_scopes_and_expiry() -> None:
    before = timezone.now()
    token, _ = create_token(
        create_alice(), name=" upload ", scopes=["write", "read"], expires_in=timedelta(days=7)
    )
    token.refresh_from_db()
    assert (token.name, token.scopes, token.last_used_at) == ("upload", ["read", "write"], None)
    assert token.expiry is not None
    assert before + timedelta(days=7) <= token.expiry <= timezone.now() + timedelta(days=7)
    assert not token.has_expired()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "   "),
        ("name", "n" * 101),
        ("scopes", []),
        ("scopes", ["read", "admin"]),
        ("scopes", ["read", "read"]),
        ("scopes", [7]),
        ("expires_in", timedelta()),
        ("expires_in", timedelta(days=-1)),
        ("expires_in", timedelta.max),
    ],
)
def test_an_invalid_request_names_the_field_and_saves_nothing(field: str, value: object) -> None:
    with pytest.raises(Problem) as refused:
        create_token(create_alice(), **{field: value})
    assert refused.value.code == "token_invalid"
    assert list(refused.value.fields) == [field]
    assert refused.value.fields[field][0] in refused.value.message
    assert not Token.objects.exists()


def test_users_see_only_their_own_tokens_newest_first() -> None:
    owner, other = create_alice(), create_bob()
    first, _ = create_token(owner, name="first")
    create_token(other)
    second, _ = create_token(owner, name="second")
    assert list(select_tokens(owner)) == [second, first]
    assert not select_tokens(create_charlie()).exists()


def test_a_token_revoked_by_its_owner_is_no_longer_found() -> None:
    owner = create_alice()
    token, plaintext = create_token(owner)
    other_token, _ = create_token(owner)
    token_revoke(user=owner, token_id=token.id)
    assert find_token(plaintext) is None
    assert list(select_tokens(owner)) == [other_token]
    with pytest.raises(NotThere):
        token_revoke(user=owner, token_id=token.id)


def test_a_stranger_can_neither_revoke_nor_discover_a_token() -> None:
    token, plaintext = create_token(create_alice())
    with pytest.raises(NotThere):
        token_revoke(user=create_charlie(), token_id=token.id)
    assert find_token(plaintext) == token


def test_the_last_use_is_written_at_most_once_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token, _ = create_token(create_alice())
    start = timezone.now()

    def touch_at(seconds: int) -> None:
        moment = start + timedelta(seconds=seconds)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        token_touch(token=Token.objects.get(pk=token.pk))

    for seconds, expected in [(0, 0), (59, 0), (60, 60), (61, 60)]:
        touch_at(seconds)
        token.refresh_from_db()
        assert token.last_used_at == start + timedelta(seconds=expected)


def test_a_last_use_written_by_a_parallel_request_is_not_overwritten() -> None:
    token, _ = create_token(create_alice())
    stale = Token.objects.get(pk=token.pk)
    newer = timezone.now() - timedelta(seconds=1)
    Token.objects.filter(pk=token.pk).update(last_used_at=newer)
    token_touch(token=stale)
    token.refresh_from_db()
    assert token.last_used_at == newer
