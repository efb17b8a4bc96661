"""The bucket of photos and related files, and the bucket of its access logs."""

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import Config
from infra.parts.removal_policy import choose_removal_policy

UPLOAD_DAYS = 3
"""Unfinished uploads are deleted after this time; the site gives them up earlier."""
VERSION_DAYS = 30
"""How long a deleted or overwritten file can be restored."""
RENDITION_DAYS = 1
"""The same for files that are rendered again, and for uploads."""
CLOUDFRONT = "https://*.cloudfront.net"
"""The allowed origin without a custom domain: the distribution's name is not known yet. Signed
addresses protect the files; CORS only decides which pages of a browser may read the responses."""


def add_file_bucket(scope: Construct, config: Config) -> s3.Bucket:
    """Add the bucket of files: private, versioned, over TLS only."""
    origin = f"https://{config.domain.name}" if config.domain else CLOUDFRONT
    return _add_bucket(
        scope,
        "Files",
        config,
        versioned=True,
        server_access_logs_bucket=_add_log_bucket(scope, config),
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
        lifecycle_rules=_build_lifecycle_rules(),
    )


def _build_lifecycle_rules() -> list[s3.LifecycleRule]:
    """Build the lifecycle rules; where two of them match a file, S3 takes the earlier date."""
    soon = Duration.days(RENDITION_DAYS)
    return [
        s3.LifecycleRule(
            id="everything",
            abort_incomplete_multipart_upload_after=Duration.days(UPLOAD_DAYS),
            noncurrent_version_expiration=Duration.days(VERSION_DAYS),
            expired_object_delete_marker=True,
        ),
        s3.LifecycleRule(
            id="uploads",
            prefix="uploads/",
            expiration=Duration.days(UPLOAD_DAYS),
            noncurrent_version_expiration=soon,
        ),
        # S3 deletes no current rendition, because the database has its row.
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


def _add_log_bucket(scope: Construct, config: Config) -> s3.Bucket:
    expires = s3.LifecycleRule(id="old", expiration=Duration.days(config.log_days))
    return _add_bucket(scope, "FileLogs", config, lifecycle_rules=[expires])


def _add_bucket(scope: Construct, name: str, config: Config, **more: Any) -> s3.Bucket:
    keeps = config.keeps_data
    return s3.Bucket(
        scope,
        name,
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        removal_policy=choose_removal_policy(config),
        auto_delete_objects=not keeps,
        **more,
    )
