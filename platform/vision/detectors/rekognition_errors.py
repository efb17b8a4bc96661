"""The failures of Rekognition and of the connection to it, as errors for users and admins."""

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


def explain_failure(error: "BotoCoreError | ClientError") -> DetectorFailed:
    """Return the error to raise for what botocore raised after its own retries."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _explain_refusal(error)
    if isinstance(error, (exceptions.NoCredentialsError, exceptions.PartialCredentialsError)):
        return DetectorFailed(
            "There are no AWS credentials for Amazon Rekognition. An admin must set "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or give the machine a role, or choose "
            "the local detector.",
            code="detector_denied",
            user_can_fix=False,
        )
    if not isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError)):
        return explain_misconfiguration(error)
    return DetectorFailed(
        f"Amazon Rekognition can't be reached ({error}). Try again later.",
        code="detector_unreachable",
        permanent=False,
        user_can_fix=False,
    )


def explain_misconfiguration(error: Exception) -> DetectorFailed:
    """Return the error for a region, an endpoint or a profile that can't be used."""
    return DetectorFailed(
        f"Amazon Rekognition can't be called: {error}. An admin must check the AWS region, "
        "endpoint and profile.",
        code="detector_denied",
        user_can_fix=False,
    )


def explain_unreadable_response(error: Exception) -> DetectorFailed:
    """Return the error for a response that does not match the API reference."""
    return DetectorFailed(
        f"Amazon Rekognition sent a response that can't be read ({type(error).__name__}). "
        "Try again later; if it happens again, an admin must check the endpoint.",
        code="detector_unreachable",
        permanent=False,
        user_can_fix=False,
    )


def _explain_refusal(error: "ClientError") -> DetectorFailed:
    """Return the error for an error response of the service."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    reason = str(error.response.get("Error", {}).get("Message", "")) or code
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in THROTTLED:
        return DetectorFailed(
            "Amazon Rekognition gets too many requests at the moment. Try again later.",
            code="detector_throttled",
            permanent=False,
            user_can_fix=False,
        )
    if status >= 500:
        return DetectorFailed(
            f"Amazon Rekognition has an internal error ({code}). Try again later.",
            code="detector_unreachable",
            permanent=False,
            user_can_fix=False,
        )
    if code in REJECTED:
        return DetectorFailed(
            f"Amazon Rekognition does not accept this photo: {reason}. Try another format or size.",
            code="detector_rejected_input",
        )
    return DetectorFailed(
        f"Amazon Rekognition refuses the request ({code}: {reason}). An admin must check the AWS "
        "credentials, their region and that they may call rekognition:DetectLabels.",
        code="detector_denied",
        user_can_fix=False,
    )
