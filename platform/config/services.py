"""The settings of the file storage and of the queues: embedded, or on AWS."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from config.env import BadSetting, is_local_host, parse_url

LOCAL_STORAGE = {
    "BACKEND": "gallery.storage.local.LocalFiles",
    "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
}


def build_bucket_storage(bucket: str, region: str, endpoint_url: str | None) -> dict[str, object]:
    """Return Django's STORAGES entry of a private bucket; boto3 finds the credentials.

    A server other than AWS's own (`endpoint_url`) gets the bucket's name in the path.
    """
    return {
        "BACKEND": "gallery.storage.bucket.BucketFiles",
        "OPTIONS": {
            "bucket_name": bucket,
            "region_name": region,
            "endpoint_url": endpoint_url,
            "addressing_style": "path" if endpoint_url else "virtual",
        },
    }


def build_bucket_origin(bucket: str, region: str, endpoint_url: str | None) -> str:
    """Return the origin that browsers fetch the bucket's files from, for the content policy.

    Raises:
        BadSetting: the bucket's name cannot be part of a host name.
    """
    if endpoint_url:
        parts = urlsplit(endpoint_url)
        return f"{parts.scheme}://{parts.netloc}"
    if "." in bucket:
        raise BadSetting(
            "AWS_STORAGE_BUCKET_NAME", "has a dot: TLS does not accept such a host name"
        )
    return f"https://{bucket}.s3.{region}.amazonaws.com"


def queue_urls(
    urls: Mapping[str, str], *, is_needed: bool, is_tls_demanded: bool
) -> dict[str, str]:
    """Return the queues' URLs by name; the embedded broker uses none (`is_needed` is false).

    Raises:
        BadSetting: a URL is missing or cannot be used.
    """
    if not is_needed:
        return {}
    for queue, url in urls.items():
        name = f"VANISH_{queue.upper()}_QUEUE_URL"
        if not url:
            raise BadSetting(name, "must be set: with sqs:// no queue is searched or created")
        parts = parse_url(name, url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadSetting(name, "must be the queue's URL: https://sqs.REGION.amazonaws.com/…")
        if is_tls_demanded and parts.scheme == "http" and not is_local_host(parts.hostname):
            raise BadSetting(name, "must begin with https:// in production")
    return dict(urls)
