"""The bucket of photos and all that belongs to them, and the bucket of who asked for what."""

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import Config
from infra.parts.removal import removal_of

UNFINISHED_DAYS = 3
"""Uploads that nobody goes on with; the site itself forgets them sooner."""
DELETED_DAYS = 30
"""How long a deleted or overwritten file can be brought back."""
MADE_AGAIN_DAYS = 1
"""The same for what is made again, or was never kept."""
CLOUDFRONT = "https://*.cloudfront.net"
"""Who may ask without a domain of one's own: the distribution's name is not known yet. What
matters are the signed addresses; CORS only tells browsers who may read the answers."""


def file_bucket(scope: Construct, config: Config) -> s3.Bucket:
    """Private, versioned, and read and written over TLS alone."""
    origin = f"https://{config.domain.name}" if config.domain else CLOUDFRONT
    return _bucket(
        scope,
        "Files",
        config,
        versioned=True,
        server_access_logs_bucket=_log_bucket(scope, config),
        server_access_logs_prefix="files/",
        cors=[
            s3.CorsRule(
                allowed_methods=[
                    s3.HttpMethods.GET,
                    s3.HttpMethods.HEAD,
                    s3.HttpMethods.POST,
                    s3.HttpMethods.PUT,
                ],
                allowed_origins=[origin],
                allowed_headers=["*"],
                exposed_headers=["ETag"],
                max_age=3600,
            )
        ],
        lifecycle_rules=_rules(),
    )


def _rules() -> list[s3.LifecycleRule]:
    """Where two rules would delete a file, S3 goes by the sooner one."""
    soon = Duration.days(MADE_AGAIN_DAYS)
    return [
        s3.LifecycleRule(
            id="everything",
            abort_incomplete_multipart_upload_after=Duration.days(UNFINISHED_DAYS),
            noncurrent_version_expiration=Duration.days(DELETED_DAYS),
            expired_object_delete_marker=True,
        ),
        s3.LifecycleRule(
            id="uploads",
            prefix="uploads/",
            expiration=Duration.days(UNFINISHED_DAYS),
            noncurrent_version_expiration=soon,
        ),
        # The database has rows of the current ones: S3 deletes none of those.
        s3.LifecycleRule(
            id="renditions",
            prefix="renditions/",
            noncurrent_version_expiration=soon,
            transitions=[
                s3.Transition(
                    storage_class=s3.StorageClass.INTELLIGENT_TIERING,
                    transition_after=Duration.days(0),
                )
            ],
        ),
    ]


def _log_bucket(scope: Construct, config: Config) -> s3.Bucket:
    expires = s3.LifecycleRule(id="old", expiration=Duration.days(config.log_days))
    return _bucket(scope, "FileLogs", config, lifecycle_rules=[expires])


def _bucket(scope: Construct, name: str, config: Config, **more: Any) -> s3.Bucket:
    keeps = config.keeps_data
    return s3.Bucket(
        scope,
        name,
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        removal_policy=removal_of(config),
        auto_delete_objects=not keeps,
        **more,
    )
