"""Translation of AWS errors into the OSErrors that file operations raise."""

from collections.abc import Iterator
from contextlib import contextmanager

NOT_FOUND_CODES = {"404", "NoSuchKey", "NoSuchUpload", "NotFound"}


class StorageUnreachable(OSError):
    """The bucket did not respond, or responded with an error that a caller cannot handle."""


@contextmanager
def translate_aws_errors(what: str) -> Iterator[None]:
    """Raise each boto3 error as StorageUnreachable, and FileNotFoundError for missing files.

    `what` is the file or bucket that the messages name.
    """
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in NOT_FOUND_CODES:
            raise FileNotFoundError(f"{what} is not in the bucket") from error
        raise StorageUnreachable(f"{what}: the bucket answered {code}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageUnreachable(f"{what}: {error}") from error
