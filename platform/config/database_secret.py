"""Who signs in to the database, as AWS Secrets Manager keeps it and rotates it.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
"""

import json
import re
from dataclasses import dataclass, field
from typing import Self

from config.env import BadSetting

PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
CLONE = "_clone"
"""What the name of every second user ends with, when rotation goes by two users in turn."""


@dataclass(frozen=True)
class DatabaseSecret:
    """The fields of the secret that are needed. `port` is 5432 where none is told."""

    username: str
    password: str = field(repr=False)
    host: str
    port: int
    dbname: str

    @classmethod
    def read(cls, name: str, text: str) -> Self:
        """From the secret's JSON. Raises BadSetting with the variable's `name`, never the value."""
        try:
            fields = json.loads(text)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            raise BadSetting(name, "is not the JSON object that Secrets Manager keeps")
        for key in ("username", "password", "host", "dbname"):
            if not isinstance(fields.get(key), str) or not fields[key]:
                raise BadSetting(name, f"has no {key}: attach the secret to its database")
        if not PLAIN_NAME.fullmatch(fields["username"].removesuffix(CLONE)):
            raise BadSetting(name, "has a username that is not plain: a-z, 0-9 and _")
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
