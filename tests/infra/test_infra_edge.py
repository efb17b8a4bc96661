"""The way in: encrypted, behind a firewall, and with nothing of ours at a public address."""

import dataclasses
from typing import Any

import aws_cdk as cdk
import pytest

from infra.config import DEV, Config, Domain
from infra.stacks.edge import EdgeStack
from infra.stacks.network import NetworkStack
from tests.infra.assembly import Assembly

BALANCING = "AWS::ElasticLoadBalancingV2"
DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/firewall/1"
ALL_VIEWER_AND_CLOUDFRONT = "33f36d7e-f396-46d9-90e0-52428a34d9dc"


def distribution_of(assembly: Assembly) -> dict[str, Any]:
    config = assembly.only("edge", "AWS::CloudFront::Distribution")["DistributionConfig"]
    return dict(config)


def behaviors_of(assembly: Assembly) -> dict[str, dict[str, Any]]:
    config = distribution_of(assembly)
    others = {each["PathPattern"]: each for each in config["CacheBehaviors"]}
    return {"*": config["DefaultCacheBehavior"], **others}


@pytest.fixture(scope="module")
def named() -> Assembly:
    """The edge under a name of one's own."""
    domain = Domain(name="photos.vanish.example", zone_name="vanish.example", zone_id="Z123")
    config = dataclasses.replace(DEV, domain=domain)
    app = cdk.App()
    network = NetworkStack(app, "network", config=config)
    edge = EdgeStack(app, "edge", config=config, network=network, web_acl_arn=ACL)
    template = dict(cdk.assertions.Template.from_stack(edge).to_json())
    return Assembly({"edge": template})


def test_a_name_of_ones_own_takes_away_nothing_that_services_use(
    assembly: Assembly, named: Assembly
) -> None:
    def exported(templates: Assembly) -> set[str]:
        outputs = templates.templates["edge"]["Outputs"]
        return {name for name, told in outputs.items() if "DomainName" in name and "Export" in told}

    assert exported(assembly)
    assert exported(named) == exported(assembly)


def test_the_load_balancer_has_no_public_address(assembly: Assembly) -> None:
    balancer = assembly.only("edge", f"{BALANCING}::LoadBalancer")
    assert balancer["Scheme"] == "internal"
    assert all("inner" in assembly.plain(subnet).lower() for subnet in balancer["Subnets"])


def test_the_load_balancer_is_set_as_it_should_be(assembly: Assembly, config: Config) -> None:
    balancer = assembly.only("edge", f"{BALANCING}::LoadBalancer")
    told = {each["Key"]: each["Value"] for each in balancer["LoadBalancerAttributes"]}
    assert told["deletion_protection.enabled"] == str(config.keeps_data).lower()
    assert told["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert told["idle_timeout.timeout_seconds"] == "60"
    assert told["access_logs.s3.enabled"] == "true"


def test_the_listener_forwards_to_the_web_server_alone(assembly: Assembly) -> None:
    listener = assembly.only("edge", f"{BALANCING}::Listener")
    (group,) = assembly.of_type("edge", f"{BALANCING}::TargetGroup")
    assert listener["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": {"Ref": group}}]
    assert listener["Port"] == 80
    assert not assembly.of_type("edge", f"{BALANCING}::ListenerRule")


def test_the_target_group_asks_whether_the_web_server_lives(assembly: Assembly) -> None:
    group = assembly.only("edge", f"{BALANCING}::TargetGroup")
    assert (group["TargetType"], group["Port"], group["Protocol"]) == ("ip", 8000, "HTTP")
    assert group["HealthCheckPath"] == "/livez"
    told = {each["Key"]: each["Value"] for each in group["TargetGroupAttributes"]}
    assert told["deregistration_delay.timeout_seconds"] == "30"


def test_the_edge_opens_no_port_by_itself(assembly: Assembly) -> None:
    kinds = {found["Type"] for found in assembly.templates["edge"]["Resources"].values()}
    assert not any("SecurityGroup" in kind for kind in kinds)


@pytest.mark.parametrize("path", ["*", "/static/*"])
def test_visitors_are_sent_to_https(assembly: Assembly, path: str) -> None:
    assert behaviors_of(assembly)[path]["ViewerProtocolPolicy"] == "redirect-to-https"


def test_the_web_server_sees_what_visitors_sent(assembly: Assembly) -> None:
    assert behaviors_of(assembly)["*"]["OriginRequestPolicyId"] == ALL_VIEWER_AND_CLOUDFRONT


def test_static_files_alone_are_kept(assembly: Assembly) -> None:
    kept = {path: each["CachePolicyId"] for path, each in behaviors_of(assembly).items()}
    assert kept == {"*": DISABLED, "/static/*": OPTIMIZED}


def test_who_asks_for_what_is_kept_is_not_told(assembly: Assembly) -> None:
    behavior = behaviors_of(assembly)["/static/*"]
    policy = assembly.only("edge", "AWS::CloudFront::OriginRequestPolicy")
    (name,) = assembly.of_type("edge", "AWS::CloudFront::OriginRequestPolicy")
    told = policy["OriginRequestPolicyConfig"]

    assert behavior["OriginRequestPolicyId"] == {"Ref": name}
    assert set(behavior["AllowedMethods"]) == {"GET", "HEAD"}
    assert told["CookiesConfig"] == {"CookieBehavior": "none"}
    assert told["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert told["HeadersConfig"] == {
        "HeaderBehavior": "whitelist",
        "Headers": ["Host", "CloudFront-Forwarded-Proto"],
    }


def test_forms_and_uploads_come_through(assembly: Assembly) -> None:
    allowed = set(behaviors_of(assembly)["*"]["AllowedMethods"])
    assert {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} <= allowed


def test_an_error_is_kept_for_nobody_else(assembly: Assembly) -> None:
    """CloudFront keeps them 10 s otherwise: the owner would see a stranger's 404."""
    told = {each["ErrorCode"]: each for each in distribution_of(assembly)["CustomErrorResponses"]}
    assert set(told) == {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
    for each in told.values():
        assert each["ErrorCachingMinTTL"] == 0
        assert "ResponsePagePath" not in each


def test_cloudfront_reaches_the_load_balancer_within_the_network(assembly: Assembly) -> None:
    (balancer,) = assembly.of_type("edge", f"{BALANCING}::LoadBalancer")
    (name,) = assembly.of_type("edge", "AWS::CloudFront::VpcOrigin")
    endpoint = assembly.only("edge", "AWS::CloudFront::VpcOrigin")["VpcOriginEndpointConfig"]
    assert endpoint["Arn"] == {"Ref": balancer}
    assert (endpoint["HTTPPort"], endpoint["OriginProtocolPolicy"]) == (80, "http-only")
    (origin,) = distribution_of(assembly)["Origins"]
    told = origin["VpcOriginConfig"]
    assert assembly.plain(told["VpcOriginId"]).strip("<>").removesuffix(".Id") == name
    assert told["OriginReadTimeout"] == 60
    assert told["OriginKeepaliveTimeout"] < 60


def test_the_firewall_stands_in_front(assembly: Assembly) -> None:
    (acl,) = assembly.of_type("firewall", "AWS::WAFv2::WebACL")
    assert assembly.plain(distribution_of(assembly)["WebACLId"]) == f"<{acl}>"


def test_who_came_is_written_down_and_not_kept_for_ever(assembly: Assembly, config: Config) -> None:
    logging = distribution_of(assembly)["Logging"]
    (bucket,) = assembly.of_type("edge", "AWS::S3::Bucket")
    assert logging["Bucket"] == {"Fn::GetAtt": [bucket, "RegionalDomainName"]}
    told = assembly.only("edge", "AWS::S3::Bucket")
    assert all(told["PublicAccessBlockConfiguration"].values())
    (rule,) = told["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", config.log_days)


def test_logs_are_read_and_written_over_tls_alone(assembly: Assembly) -> None:
    policy = assembly.only("edge", "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    (denied,) = (each for each in policy if each["Effect"] == "Deny")
    assert (denied["Action"], denied["Condition"]) == ("s3:*", insecure)


def test_without_a_name_the_site_has_cloudfront_s(assembly: Assembly, config: Config) -> None:
    assert config.domain is None
    assert "Aliases" not in distribution_of(assembly)
    assert not assembly.of_type("edge", "AWS::CertificateManager::Certificate")
    assert not assembly.of_type("edge", "AWS::Route53::RecordSet")
    address = assembly.plain(assembly.templates["edge"]["Outputs"]["Address"]["Value"])
    assert address.startswith("https://<Distribution")


def test_a_name_of_one_s_own_has_a_certificate_and_modern_tls(named: Assembly) -> None:
    config = distribution_of(named)
    (certificate,) = named.of_type("edge", "AWS::CertificateManager::Certificate")
    assert config["Aliases"] == ["photos.vanish.example"]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": certificate},
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    told = named.only("edge", "AWS::CertificateManager::Certificate")
    assert told["DomainName"] == "photos.vanish.example"
    assert told["DomainValidationOptions"] == [
        {"DomainName": "photos.vanish.example", "HostedZoneId": "Z123"}
    ]


def test_a_name_of_one_s_own_leads_to_cloudfront(named: Assembly) -> None:
    records = named.of_type("edge", "AWS::Route53::RecordSet").values()
    assert {record["Properties"]["Type"] for record in records} == {"A", "AAAA"}
    for record in records:
        assert record["Properties"]["Name"] == "photos.vanish.example."
        assert record["Properties"]["HostedZoneId"] == "Z123"
        assert "Distribution" in named.plain(record["Properties"]["AliasTarget"]["DNSName"])
    address = named.templates["edge"]["Outputs"]["Address"]["Value"]
    assert address == "https://photos.vanish.example"


def rules_of(assembly: Assembly) -> dict[str, dict[str, Any]]:
    rules = assembly.only("firewall", "AWS::WAFv2::WebACL")["Rules"]
    return {rule["Name"]: rule for rule in rules}


def test_one_address_may_not_ask_too_often(assembly: Assembly) -> None:
    rule = rules_of(assembly)["TooMany"]
    assert rule["Action"] == {"Block": {}}
    assert rule["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "IP",
        "EvaluationWindowSec": 300,
        "Limit": 2000,
    }


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("AmazonIpReputationList", set()),
        ("KnownBadInputsRuleSet", set()),
        ("SQLiRuleSet", {"SQLi_BODY"}),
        (
            "CommonRuleSet",
            {
                "SizeRestrictions_BODY",
                "CrossSiteScripting_BODY",
                "GenericLFI_BODY",
                "GenericRFI_BODY",
            },
        ),
    ],
)
def test_amazon_s_own_rules_block_but_for_what_a_photo_may_contain(
    assembly: Assembly, name: str, counted: set[str]
) -> None:
    rule = rules_of(assembly)[f"AWSManagedRules{name}"]
    assert rule["OverrideAction"] == {"None": {}}
    overrides = rule["Statement"]["ManagedRuleGroupStatement"].get("RuleActionOverrides", [])
    assert {each["Name"] for each in overrides} == counted
    assert all(each["ActionToUse"] == {"Count": {}} for each in overrides)


def test_what_was_counted_in_a_body_without_a_file_is_blocked(assembly: Assembly) -> None:
    rules = rules_of(assembly)
    rule = rules["BadBody"]
    assert rule["Action"] == {"Block": {}}
    assert rule["Priority"] == max(each["Priority"] for each in rules.values())
    found, no_file = rule["Statement"]["AndStatement"]["Statements"]
    labels = {
        each["LabelMatchStatement"]["Key"].rpartition(":")[2].upper()
        for each in found["OrStatement"]["Statements"]
    }
    counted = {
        each["Name"].upper()
        for other in rules.values()
        for each in other["Statement"]
        .get("ManagedRuleGroupStatement", {})
        .get("RuleActionOverrides", [])
    }
    assert labels == counted - {"SIZERESTRICTIONS_BODY"}
    match = no_file["NotStatement"]["Statement"]["ByteMatchStatement"]
    assert match["SearchString"] == "multipart/form-data"


def test_the_firewall_writes_down_what_it_stopped(assembly: Assembly, config: Config) -> None:
    log = assembly.only("firewall", "AWS::Logs::LogGroup")
    assert log["LogGroupName"] == f"aws-waf-logs-{config.prefix}"
    assert log["RetentionInDays"] == config.log_days
    logging = assembly.only("firewall", "AWS::WAFv2::LoggingConfiguration")
    (group,) = assembly.of_type("firewall", "AWS::Logs::LogGroup")
    (destination,) = logging["LogDestinationConfigs"]
    assert assembly.plain(destination).endswith(f":log-group:<{group}>")
    hidden = {field["SingleHeader"]["Name"] for field in logging["RedactedFields"]}
    assert hidden == {"authorization", "cookie"}
