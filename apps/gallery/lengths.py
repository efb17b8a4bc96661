"""How many bytes an uploaded picture may have."""

from django.conf import settings

from vision.errors import PictureRejected


def check_length(length: int) -> None:
    """Raise PictureRejected, code too_large, for a file of more bytes than are taken in."""
    most = settings.UPLOAD_MAX_BYTES
    if length > most:
        rejected = PictureRejected(
            f"The file is larger than {most // 2**20} MB: upload a smaller one.", code="too_large"
        )
        raise rejected.measured(expected={"max_bytes": most}, received={"bytes": length})
