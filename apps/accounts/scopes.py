"""Scopes of tokens: `RESOURCE:read` and `RESOURCE:write`, or `read` and `write` for all."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import models


class Verb(StrEnum):
    """The two kinds of access. Write access does not include read access."""

    READ = "read"
    WRITE = "write"


class Resource(models.TextChoices):
    """A kind of object that a scope gives access to."""

    PHOTOS = "photos", "Photos"
    ALBUMS = "albums", "Albums"
    DETECTIONS = "detections", "Detections"
    MASKS = "masks", "Masks"
    EDITS = "edits", "Edits"
    REVISIONS = "revisions", "Revisions"
    SHARE_LINKS = "share_links", "Share links"
    WEBHOOKS = "webhooks", "Webhooks"
    TOKENS = "tokens", "Tokens"


RESOURCE_DESCRIPTIONS = {
    Resource.PHOTOS: "the pictures themselves, and uploads",
    Resource.ALBUMS: "albums and who is a member",
    Resource.DETECTIONS: "what was found in a photo",
    Resource.MASKS: "which pixels are to go",
    Resource.EDITS: "making things vanish",
    Resource.REVISIONS: "a photo's states, and their pictures",
    Resource.SHARE_LINKS: "links that show an album to anybody",
    Resource.WEBHOOKS: "calls to a server of yours",
    Resource.TOKENS: "which tokens there are, and revoking them",
}

# The scopes for all resources come first: a token that has one needs no other of that verb.
SCOPES = (*Verb, *(f"{resource}:{verb}" for resource in Resource for verb in Verb))


def format_scope(resource: Resource, verb: Verb) -> str:
    """Return the name of the scope, like "photos:read"."""
    return f"{resource}:{verb}"


def get_verb(method: str) -> Verb:
    """Return the kind of access that an HTTP method needs."""
    return Verb.READ if method in {"GET", "HEAD", "OPTIONS"} else Verb.WRITE


def find_missing_scopes(granted: Collection[str], required: Iterable[str]) -> list[str]:
    """Return the required scopes that are granted neither by name nor for all resources."""
    return [name for name in required if not {name, name.partition(":")[2]} & set(granted)]


def sort_scopes(scopes: Collection[str]) -> list[str]:
    """Return the scopes in the order in which they are stored and shown."""
    return [name for name in SCOPES if name in scopes]


def validate_scopes(scopes: object) -> None:
    """Raise ValidationError unless `scopes` is a list of existing scopes, each once."""
    names = ", ".join(SCOPES)
    if not isinstance(scopes, list) or not all(isinstance(name, str) for name in scopes):
        raise ValidationError(f"Give the scopes as a list of names out of: {names}.")
    unknown = [name for name in scopes if name not in SCOPES]
    if unknown:
        raise ValidationError(f"There is no scope “{unknown[0]}”; there are: {names}.")
    if len(set(scopes)) != len(scopes):
        raise ValidationError("Name each scope once.")
