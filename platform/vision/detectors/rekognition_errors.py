"""What Rekognition and the way to it can answer, as errors for users and admins."""

from typing import TYPE_CHECKING

from vision.errors import DetectorFailed

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

THROTTLED = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
REJECTED = frozenset(
    {
        "ImageTooLargeException",
        "InvalidImageFormatException",
        "InvalidParameterException",
        "ValidationException",
    }
)


def failure(error: "BotoCoreError | ClientError") -> DetectorFailed:
    """The error to raise for what botocore raised once its own retries were used up."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _refusal(error)
    if isinstance(error, (exceptions.NoCredentialsError, exceptions.PartialCredentialsError)):
        return DetectorFailed(
            "There are no AWS credentials to ask Amazon Rekognition with. An admin must set "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or give the machine a role, or choose "
            "the local detector.",
            code="detector_denied",
            user_can_mend=False,
        )
    if not isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError)):
        return misconfigured(error)
    return DetectorFailed(
        f"Amazon Rekognition can't be reached ({error}). It is worth trying again later.",
        code="detector_unreachable",
        permanent=False,
        user_can_mend=False,
    )


def misconfigured(error: Exception) -> DetectorFailed:
    """The error for a region, an endpoint or a profile that can't be used."""
    return DetectorFailed(
        f"Amazon Rekognition can't be asked: {error}. An admin must check the AWS region, "
        "endpoint and profile.",
        code="detector_denied",
        user_can_mend=False,
    )


def unreadable(error: Exception) -> DetectorFailed:
    """The error for an answer that is not what the API's reference describes."""
    return DetectorFailed(
        f"Amazon Rekognition gave an answer that can't be read ({type(error).__name__}). "
        "It is worth trying again later; if it stays, an admin must check the endpoint.",
        code="detector_unreachable",
        permanent=False,
        user_can_mend=False,
    )


def _refusal(error: "ClientError") -> DetectorFailed:
    code = str(error.response.get("Error", {}).get("Code", ""))
    reason = str(error.response.get("Error", {}).get("Message", "")) or code
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in THROTTLED:
        return DetectorFailed(
            "Amazon Rekognition is asked too much at the moment. It is worth trying again later.",
            code="detector_throttled",
            permanent=False,
            user_can_mend=False,
        )
    if status >= 500:
        return DetectorFailed(
            f"Amazon Rekognition has a fault of its own ({code}). It is worth trying again later.",
            code="detector_unreachable",
            permanent=False,
            user_can_mend=False,
        )
    if code in REJECTED:
        return DetectorFailed(
            f"Amazon Rekognition does not take this photo: {reason}. Try another format or size.",
            code="detector_rejected_input",
        )
    return DetectorFailed(
        f"Amazon Rekognition refuses to answer ({code}: {reason}). An admin must check the AWS "
        "credentials, their region and that they may call rekognition:DetectLabels.",
        code="detector_denied",
        user_can_mend=False,
    )
