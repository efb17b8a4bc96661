"""What tokens may do: `RESOURCE:read` and `RESOURCE:write`, or `read` and `write` for all."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import models


class Verb(StrEnum):
    """To look, or to change. Changing does not include looking."""

    READ = "read"
    WRITE = "write"


class Resource(models.TextChoices):
    """What a scope is about."""

    PHOTOS = "photos", "Photos"
    ALBUMS = "albums", "Albums"
    DETECTIONS = "detections", "Detections"
    MASKS = "masks", "Masks"
    EDITS = "edits", "Edits"
    REVISIONS = "revisions", "Revisions"
    SHARE_LINKS = "share_links", "Share links"
    WEBHOOKS = "webhooks", "Webhooks"
    TOKENS = "tokens", "Tokens"


ABOUT = {
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

# Those of one verb for everything come first: what they cover needs no further scope.
SCOPES = (*Verb, *(f"{resource}:{verb}" for resource in Resource for verb in Verb))


def scope(resource: Resource, verb: Verb) -> str:
    """The name of the scope."""
    return f"{resource}:{verb}"


def verb_of(method: str) -> Verb:
    """What an HTTP method does with a resource."""
    return Verb.READ if method in {"GET", "HEAD", "OPTIONS"} else Verb.WRITE


def missing(granted: Collection[str], needed: Iterable[str]) -> list[str]:
    """Which of the needed scopes are not granted, neither by name nor by their verb alone."""
    return [name for name in needed if not {name, name.partition(":")[2]} & set(granted)]


def in_order(scopes: Collection[str]) -> list[str]:
    """The scopes as they are stored and shown."""
    return [name for name in SCOPES if name in scopes]


def validate_scopes(scopes: object) -> None:
    """A list of different scopes that exist, or ValidationError."""
    known = ", ".join(SCOPES)
    if not isinstance(scopes, list) or not all(isinstance(name, str) for name in scopes):
        raise ValidationError(f"Give the scopes as a list of names out of: {known}.")
    unknown = [name for name in scopes if name not in SCOPES]
    if unknown:
        raise ValidationError(f"There is no scope “{unknown[0]}”; there are: {known}.")
    if len(set(scopes)) != len(scopes):
        raise ValidationError("Name each scope once.")
