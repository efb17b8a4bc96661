"""Mail has a verified sender, and is signed where there is a domain."""

import dataclasses
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Match, Template

from infra.config import DEV, Config, Domain
from infra.stacks.mail import MailStack
from tests.infra.assembly import Assembly

IDENTITY = "AWS::SES::EmailIdentity"
DOMAIN = Domain(name="photos.vanish.example", zone_name="vanish.example", zone_id="Z123")


def test_without_a_domain_the_sender_s_address_is_the_identity(
    assembly: Assembly, config: Config
) -> None:
    identity = assembly.find_only("mail", IDENTITY)

    assert identity["EmailIdentity"] == config.mail_from
    assert assembly.read_variable("web", "VANISH_MAIL_FROM") == config.mail_from


def test_a_domain_is_verified_by_three_records_in_its_zone() -> None:
    config = dataclasses.replace(DEV, domain=DOMAIN)
    template = Template.from_stack(MailStack(cdk.App(), "mail", config=config))

    template.has_resource_properties(IDENTITY, {"EmailIdentity": DOMAIN.name})
    assert config.mail_from.endswith(f"@{DOMAIN.name}")
    record: dict[str, Any] = {"Type": "CNAME", "HostedZoneId": DOMAIN.zone_id, "TTL": "1800"}
    for number in (1, 2, 3):
        name, value = (
            {"Fn::GetAtt": [Match.any_value(), f"DkimDNSToken{part}{number}"]}
            for part in ("Name", "Value")
        )
        template.has_resource_properties(
            "AWS::Route53::RecordSet", record | {"Name": name, "ResourceRecords": [value]}
        )
