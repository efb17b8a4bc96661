"""What AWS refuses, as the errors that the rest of the code knows from files."""

from collections.abc import Iterator
from contextlib import contextmanager

NOT_THERE = {"404", "NoSuchKey", "NoSuchUpload", "NotFound"}


class StorageUnreachable(OSError):
    """The bucket gave no answer, or one that we can do nothing about."""


@contextmanager
def aws_faults(what: str) -> Iterator[None]:
    """Turn every error of boto3 into an OSError; FileNotFoundError for what is not there."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in NOT_THERE:
            raise FileNotFoundError(f"{what} is not in the bucket") from error
        raise StorageUnreachable(f"{what}: the bucket answered {code}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageUnreachable(f"{what}: {error}") from error
