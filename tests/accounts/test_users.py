"""Users: one account per address, whatever its case."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from tests.people import create_alice

pytestmark = pytest.mark.django_db


def test_an_address_is_stored_in_lower_case_and_found_in_any_case() -> None:
    user = User.objects.create_user("  Alice@People.Example ")
    assert user.email == "alice@people.example"
    assert isinstance(user.pk, uuid.UUID)
    assert User.objects.get_by_natural_key("ALICE@people.example") == user


def test_a_changed_address_is_stored_in_lower_case() -> None:
    user = create_alice()
    user.email = "Alice@Elsewhere.Example"
    user.save()
    assert User.objects.get().email == "alice@elsewhere.example"


def test_an_address_that_differs_only_in_case_is_refused() -> None:
    create_alice()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ALICE@people.example")


def test_the_database_refuses_an_address_that_differs_only_in_case() -> None:
    create_alice()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="ALICE@people.example")])


def test_validation_names_the_taken_address() -> None:
    create_alice()
    with pytest.raises(ValidationError, match="has an account with this e-mail address"):
        User(email="Alice@People.example", password="x").full_clean()


def test_a_user_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("  ")


def test_a_password_is_hashed_and_unusable_if_none_is_given() -> None:
    user = User.objects.create_user("a@people.example", "a long enough phrase")
    assert user.check_password("a long enough phrase")
    assert "long enough" not in user.password
    assert not create_alice().has_usable_password()


def test_a_superuser_may_use_the_admin_and_others_may_not() -> None:
    superuser = User.objects.create_superuser("boss@people.example")
    assert (superuser.is_staff, superuser.is_superuser) == (True, True)
    user = create_alice()
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)


def test_the_short_name_is_the_display_name_or_the_address_before_the_at() -> None:
    user = create_alice()
    assert (user.get_short_name(), str(user)) == ("Alice", "alice@people.example")
    user.display_name = ""
    assert user.get_short_name() == "alice"
