"""The content policy allows browsers one origin for files; every signed URL must have it."""

import uuid
from urllib.parse import urlsplit

import pytest

from config.env import BadSetting
from config.services import build_bucket_origin
from gallery.storage.base import PART_BYTES, StagedUpload
from gallery.storage.bucket import BucketFiles
from tests.aws import aws_credentials

__all__ = ["aws_credentials"]


@pytest.mark.usefixtures("aws_credentials")
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_every_signed_url_of_aws_has_the_origin_that_the_content_policy_allows(region: str) -> None:
    bucket = BucketFiles(
        bucket_name="my-bucket", region_name=region, endpoint_url=None, addressing_style="virtual"
    )
    staged = StagedUpload(uuid.uuid4(), "uploads/x", "part-id", "image/png", 2 * PART_BYTES)
    signed = bucket.build_signed_url("originals/x.png", mime="image/png", filename="")

    assert signed is not None
    urls = [
        signed.url,
        bucket.staging._build_form(staged).url,
        bucket.staging._build_put(staged, 1, 0, PART_BYTES).url,
    ]
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in urls}
    assert origins == {build_bucket_origin("my-bucket", region, None)}


def test_a_bucket_name_that_is_no_host_name_is_refused() -> None:
    with pytest.raises(BadSetting, match="AWS_STORAGE_BUCKET_NAME"):
        build_bucket_origin("my.bucket", "eu-central-1", None)
