"""The entrance: encrypted, behind a firewall, without public addresses of our own."""

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


def find_distribution(assembly: Assembly) -> dict[str, Any]:
    config = assembly.find_only("edge", "AWS::CloudFront::Distribution")["DistributionConfig"]
    return dict(config)


def find_behaviors(assembly: Assembly) -> dict[str, dict[str, Any]]:
    config = find_distribution(assembly)
    others = {each["PathPattern"]: each for each in config["CacheBehaviors"]}
    return {"*": config["DefaultCacheBehavior"], **others}


@pytest.fixture(scope="module")
def own_domain() -> Assembly:
    """The edge stack with a custom domain."""
    domain = Domain(name="photos.vanish.example", zone_name="vanish.example", zone_id="Z123")
    config = dataclasses.replace(DEV, domain=domain)
    app = cdk.App()
    network = NetworkStack(app, "network", config=config)
    edge = EdgeStack(app, "edge", config=config, network=network, web_acl_arn=ACL)
    template = dict(cdk.assertions.Template.from_stack(edge).to_json())
    return Assembly({"edge": template})


def test_a_custom_domain_keeps_the_exports_that_services_use(
    assembly: Assembly, own_domain: Assembly
) -> None:
    def list_exports(templates: Assembly) -> set[str]:
        outputs = templates.templates["edge"]["Outputs"]
        return {
            name
            for name, properties in outputs.items()
            if "DomainName" in name and "Export" in properties
        }

    assert list_exports(assembly)
    assert list_exports(own_domain) == list_exports(assembly)


def test_the_load_balancer_has_no_public_address(assembly: Assembly) -> None:
    balancer = assembly.find_only("edge", f"{BALANCING}::LoadBalancer")
    assert balancer["Scheme"] == "internal"
    assert all("inner" in assembly.to_text(subnet).lower() for subnet in balancer["Subnets"])


def test_the_load_balancer_is_set_as_it_should_be(assembly: Assembly, config: Config) -> None:
    balancer = assembly.find_only("edge", f"{BALANCING}::LoadBalancer")
    properties = {each["Key"]: each["Value"] for each in balancer["LoadBalancerAttributes"]}
    assert properties["deletion_protection.enabled"] == str(config.keeps_data).lower()
    assert properties["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert properties["idle_timeout.timeout_seconds"] == "60"
    assert properties["access_logs.s3.enabled"] == "true"


def test_the_listener_forwards_only_to_the_web_server(assembly: Assembly) -> None:
    listener = assembly.find_only("edge", f"{BALANCING}::Listener")
    (group,) = assembly.find_resources("edge", f"{BALANCING}::TargetGroup")
    assert listener["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": {"Ref": group}}]
    assert listener["Port"] == 80
    assert not assembly.find_resources("edge", f"{BALANCING}::ListenerRule")


def test_the_target_group_checks_the_web_server_s_health(assembly: Assembly) -> None:
    group = assembly.find_only("edge", f"{BALANCING}::TargetGroup")
    assert (group["TargetType"], group["Port"], group["Protocol"]) == ("ip", 8000, "HTTP")
    assert group["HealthCheckPath"] == "/livez"
    properties = {each["Key"]: each["Value"] for each in group["TargetGroupAttributes"]}
    assert properties["deregistration_delay.timeout_seconds"] == "30"


def test_the_edge_opens_no_port_by_itself(assembly: Assembly) -> None:
    kinds = {found["Type"] for found in assembly.templates["edge"]["Resources"].values()}
    assert not any("SecurityGroup" in kind for kind in kinds)


@pytest.mark.parametrize("path", ["*", "/static/*"])
def test_visitors_are_sent_to_https(assembly: Assembly, path: str) -> None:
    assert find_behaviors(assembly)[path]["ViewerProtocolPolicy"] == "redirect-to-https"


def test_the_web_server_sees_what_visitors_sent(assembly: Assembly) -> None:
    assert find_behaviors(assembly)["*"]["OriginRequestPolicyId"] == ALL_VIEWER_AND_CLOUDFRONT


def test_only_static_files_are_cached(assembly: Assembly) -> None:
    policies = {path: each["CachePolicyId"] for path, each in find_behaviors(assembly).items()}
    assert policies == {"*": DISABLED, "/static/*": OPTIMIZED}


def test_requests_for_cached_files_carry_no_cookies(assembly: Assembly) -> None:
    behavior = find_behaviors(assembly)["/static/*"]
    policy = assembly.find_only("edge", "AWS::CloudFront::OriginRequestPolicy")
    (name,) = assembly.find_resources("edge", "AWS::CloudFront::OriginRequestPolicy")
    properties = policy["OriginRequestPolicyConfig"]

    assert behavior["OriginRequestPolicyId"] == {"Ref": name}
    assert set(behavior["AllowedMethods"]) == {"GET", "HEAD"}
    assert properties["CookiesConfig"] == {"CookieBehavior": "none"}
    assert properties["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert properties["HeadersConfig"] == {
        "HeaderBehavior": "whitelist",
        "Headers": ["Host", "CloudFront-Forwarded-Proto"],
    }


def test_forms_and_uploads_are_allowed(assembly: Assembly) -> None:
    allowed = set(find_behaviors(assembly)["*"]["AllowedMethods"])
    assert {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} <= allowed


def test_no_error_is_cached(assembly: Assembly) -> None:
    """By default CloudFront caches them for 10 s: the owner would see a stranger's 404."""
    properties = {
        each["ErrorCode"]: each for each in find_distribution(assembly)["CustomErrorResponses"]
    }
    assert set(properties) == {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
    for each in properties.values():
        assert each["ErrorCachingMinTTL"] == 0
        assert "ResponsePagePath" not in each


def test_cloudfront_reaches_the_load_balancer_within_the_network(assembly: Assembly) -> None:
    (balancer,) = assembly.find_resources("edge", f"{BALANCING}::LoadBalancer")
    (name,) = assembly.find_resources("edge", "AWS::CloudFront::VpcOrigin")
    endpoint = assembly.find_only("edge", "AWS::CloudFront::VpcOrigin")["VpcOriginEndpointConfig"]
    assert endpoint["Arn"] == {"Ref": balancer}
    assert (endpoint["HTTPPort"], endpoint["OriginProtocolPolicy"]) == (80, "http-only")
    (origin,) = find_distribution(assembly)["Origins"]
    properties = origin["VpcOriginConfig"]
    assert assembly.to_text(properties["VpcOriginId"]).strip("<>").removesuffix(".Id") == name
    assert properties["OriginReadTimeout"] == 60
    assert properties["OriginKeepaliveTimeout"] < 60


def test_the_firewall_protects_the_distribution(assembly: Assembly) -> None:
    (acl,) = assembly.find_resources("firewall", "AWS::WAFv2::WebACL")
    assert assembly.to_text(find_distribution(assembly)["WebACLId"]) == f"<{acl}>"


def test_access_logs_are_written_and_expire(assembly: Assembly, config: Config) -> None:
    logging = find_distribution(assembly)["Logging"]
    (bucket,) = assembly.find_resources("edge", "AWS::S3::Bucket")
    assert logging["Bucket"] == {"Fn::GetAtt": [bucket, "RegionalDomainName"]}
    properties = assembly.find_only("edge", "AWS::S3::Bucket")
    assert all(properties["PublicAccessBlockConfiguration"].values())
    (rule,) = properties["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", config.log_days)


def test_logs_require_tls(assembly: Assembly) -> None:
    policy = assembly.find_only("edge", "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    (denied,) = (each for each in policy if each["Effect"] == "Deny")
    assert (denied["Action"], denied["Condition"]) == ("s3:*", insecure)


def test_without_a_custom_domain_the_site_has_cloudfront_s(
    assembly: Assembly, config: Config
) -> None:
    assert config.domain is None
    assert "Aliases" not in find_distribution(assembly)
    assert not assembly.find_resources("edge", "AWS::CertificateManager::Certificate")
    assert not assembly.find_resources("edge", "AWS::Route53::RecordSet")
    address = assembly.to_text(assembly.templates["edge"]["Outputs"]["Address"]["Value"])
    assert address.startswith("https://<Distribution")


def test_a_custom_domain_has_a_certificate_and_modern_tls(own_domain: Assembly) -> None:
    config = find_distribution(own_domain)
    (certificate,) = own_domain.find_resources("edge", "AWS::CertificateManager::Certificate")
    assert config["Aliases"] == ["photos.vanish.example"]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": certificate},
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    properties = own_domain.find_only("edge", "AWS::CertificateManager::Certificate")
    assert properties["DomainName"] == "photos.vanish.example"
    assert properties["DomainValidationOptions"] == [
        {"DomainName": "photos.vanish.example", "HostedZoneId": "Z123"}
    ]


def test_a_custom_domain_leads_to_cloudfront(own_domain: Assembly) -> None:
    records = own_domain.find_resources("edge", "AWS::Route53::RecordSet").values()
    assert {record["Properties"]["Type"] for record in records} == {"A", "AAAA"}
    for record in records:
        assert record["Properties"]["Name"] == "photos.vanish.example."
        assert record["Properties"]["HostedZoneId"] == "Z123"
        assert "Distribution" in own_domain.to_text(record["Properties"]["AliasTarget"]["DNSName"])
    address = own_domain.templates["edge"]["Outputs"]["Address"]["Value"]
    assert address == "https://photos.vanish.example"


def find_rules(assembly: Assembly) -> dict[str, dict[str, Any]]:
    rules = assembly.find_only("firewall", "AWS::WAFv2::WebACL")["Rules"]
    return {rule["Name"]: rule for rule in rules}


def test_one_address_may_not_send_too_many_requests(assembly: Assembly) -> None:
    rule = find_rules(assembly)["TooMany"]
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
    rule = find_rules(assembly)[f"AWSManagedRules{name}"]
    assert rule["OverrideAction"] == {"None": {}}
    overrides = rule["Statement"]["ManagedRuleGroupStatement"].get("RuleActionOverrides", [])
    assert {each["Name"] for each in overrides} == counted
    assert all(each["ActionToUse"] == {"Count": {}} for each in overrides)


def test_what_was_counted_in_a_body_without_a_file_is_blocked(assembly: Assembly) -> None:
    rules = find_rules(assembly)
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


def test_the_firewall_logs_what_it_blocks(assembly: Assembly, config: Config) -> None:
    log = assembly.find_only("firewall", "AWS::Logs::LogGroup")
    assert log["LogGroupName"] == f"aws-waf-logs-{config.prefix}"
    assert log["RetentionInDays"] == config.log_days
    logging = assembly.find_only("firewall", "AWS::WAFv2::LoggingConfiguration")
    (group,) = assembly.find_resources("firewall", "AWS::Logs::LogGroup")
    (destination,) = logging["LogDestinationConfigs"]
    assert assembly.to_text(destination).endswith(f":log-group:<{group}>")
    hidden = {field["SingleHeader"]["Name"] for field in logging["RedactedFields"]}
    assert hidden == {"authorization", "cookie"}
