"""The user that signs in to the database, as AWS Secrets Manager stores and rotates it.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
"""

import json
import re
from dataclasses import dataclass, field
from typing import Self

from config.env import BadSetting

PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
CLONE = "_clone"
"""The end of the second user's name, where a rotation alternates between two users."""


@dataclass(frozen=True)
class DatabaseSecret:
    """The fields of the secret that are needed. `port` is 5432 where the secret has none."""

    username: str
    password: str = field(repr=False)
    host: str
    port: int
    dbname: str

    @classmethod
    def read(cls, name: str, text: str) -> Self:
        """Parse the secret's JSON `text`.

        Raises:
            BadSetting: a field is missing or wrong. It shows the variable's `name`, never a value.
        """
        try:
            fields = json.loads(text)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            raise BadSetting(name, "is not a JSON object of AWS Secrets Manager")
        for key in ("username", "password", "host", "dbname"):
            if not isinstance(fields.get(key), str) or not fields[key]:
                raise BadSetting(name, f"has no {key}: attach the secret to its database")
        if not PLAIN_NAME.fullmatch(fields["username"].removesuffix(CLONE)):
            raise BadSetting(name, "has a username with other characters than a-z, 0-9 and _")
        try:
            port = int(fields.get("port", 5432))
        except (TypeError, ValueError, OverflowError):
            raise BadSetting(name, "has a port that is not a number") from None
        return cls(
            username=fields["username"],
            password=fields["password"],
            host=fields["host"],
            port=port,
            dbname=fields["dbname"],
        )

    @property
    def owner(self) -> str:
        """The role that owns the tables, whichever of the two users signs in."""
        return self.username.removesuffix(CLONE)
