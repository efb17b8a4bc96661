"""Subnets of the network, and which group may connect to which."""

from typing import Any

import pytest

from infra.config import Config
from tests.infra.assembly import Assembly

NETWORK = "network"
ANYWHERE = {"0.0.0.0/0", "::/0"}
S3 = "pl-63a5400a"
Rule = tuple[str, str, int]
ALLOWED: set[Rule] = {
    ("LoadBalancerGroup", "WebGroup", 8000),
    ("WebGroup", "EndpointsGroup", 443),
    ("WebGroup", "DatabaseGroup", 5432),
    ("WebGroup", S3, 443),
    ("WorkersGroup", "EndpointsGroup", 443),
    ("WorkersGroup", "DatabaseGroup", 5432),
    ("WorkersGroup", S3, 443),
    ("RotationGroup", "EndpointsGroup", 443),
    ("RotationGroup", "DatabaseGroup", 5432),
    ("OutwardGroup", "0.0.0.0/0", 80),
    ("OutwardGroup", "0.0.0.0/0", 443),
}
"""All allowed connections: source, target and port."""


def get_group_name(value: Any) -> str:
    """Return the name of a group in our code."""
    name = value["Fn::GetAtt"][0] if isinstance(value, dict) else value
    return str(name)[:-8] if isinstance(value, dict) else str(name)


def find_other_end(rule: dict[str, Any], side: str) -> str:
    for field in (f"{side}SecurityGroupId", f"{side}PrefixListId", "CidrIp", "CidrIpv6"):
        if field in rule:
            return get_group_name(rule[field])
    raise KeyError(side)


def find_egress(assembly: Assembly) -> set[Rule]:
    """Return source, target and port of every egress rule of every stack."""
    found = set()
    for place, rule in assembly.find_everywhere("AWS::EC2::SecurityGroupEgress"):
        properties = rule["Properties"]
        assert properties["FromPort"] == properties["ToPort"], place
        found.add(
            (
                get_group_name(properties["GroupId"]),
                find_other_end(properties, "Destination"),
                properties["FromPort"],
            )
        )
    for place, group in assembly.find_everywhere("AWS::EC2::SecurityGroup"):
        for properties in group["Properties"].get("SecurityGroupEgress", ()):
            assert (
                properties["FromPort"] <= properties["ToPort"] or properties["IpProtocol"] == "icmp"
            ), place
            if properties["CidrIp"] != "255.255.255.255/32":  # CDK's way to allow nothing
                found.add(
                    (place.rpartition("/")[2][:-8], properties["CidrIp"], properties["FromPort"])
                )
    return found


def find_ingress(assembly: Assembly) -> set[Rule]:
    found = set()
    for _, rule in assembly.find_everywhere("AWS::EC2::SecurityGroupIngress"):
        properties = rule["Properties"]
        found.add(
            (
                find_other_end(properties, "Source"),
                get_group_name(properties["GroupId"]),
                properties["FromPort"],
            )
        )
    for place, group in assembly.find_everywhere("AWS::EC2::SecurityGroup"):
        for properties in group["Properties"].get("SecurityGroupIngress", ()):
            found.add((properties["CidrIp"], place.rpartition("/")[2][:-8], properties["FromPort"]))
    return found


def test_only_necessary_connections_are_allowed(assembly: Assembly) -> None:
    assert find_egress(assembly) == ALLOWED


def test_only_one_group_goes_out_to_the_internet(assembly: Assembly) -> None:
    assert {source for source, target, _ in find_egress(assembly) if target in ANYWHERE} == {
        "OutwardGroup"
    }


def test_ingress_rules_match_egress_rules(assembly: Assembly) -> None:
    inner = {rule for rule in ALLOWED if rule[1] not in {S3, "0.0.0.0/0"}}
    assert find_ingress(assembly) == inner | {("10.0.0.0/16", "LoadBalancerGroup", 80)}


def test_the_default_group_allows_nothing(assembly: Assembly) -> None:
    properties = assembly.find_only(NETWORK, "Custom::VpcRestrictDefaultSG")
    assert properties["DefaultSecurityGroupId"]["Fn::GetAtt"][1] == "DefaultSecurityGroup"


def test_there_are_two_zones_with_three_kinds_of_subnets(assembly: Assembly) -> None:
    subnets = assembly.find_resources(NETWORK, "AWS::EC2::Subnet")
    kinds = [name.removeprefix("Network").partition("Subnet")[0] for name in subnets]
    assert sorted(kinds) == ["Inner", "Inner", "Outward", "Outward", "Public", "Public"]
    assert not any(each["Properties"]["MapPublicIpOnLaunch"] for each in subnets.values())


@pytest.mark.parametrize(
    ("kind", "leads_to"),
    [("Public", "GatewayId"), ("Outward", "NatGatewayId"), ("Inner", None)],
)
def test_where_the_subnets_lead(assembly: Assembly, kind: str, leads_to: str | None) -> None:
    routes = {
        name: each["Properties"]
        for name, each in assembly.find_resources(NETWORK, "AWS::EC2::Route").items()
        if name.startswith(f"Network{kind}")
    }
    assert len(routes) == (2 if leads_to else 0)
    for route in routes.values():
        assert route["DestinationCidrBlock"] == "0.0.0.0/0"
        assert leads_to in route


def test_only_nat_has_public_addresses(assembly: Assembly, config: Config) -> None:
    gateways = assembly.find_resources(NETWORK, "AWS::EC2::NatGateway")
    addresses = list(assembly.find_everywhere("AWS::EC2::EIP"))
    assert len(gateways) == len(addresses) == config.nat_gateways
    for gateway in gateways.values():
        assert gateway["Properties"]["SubnetId"]["Ref"].startswith("NetworkPublic")


@pytest.mark.parametrize(
    "service", ["sqs", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "rekognition"]
)
def test_services_are_reached_inside_the_network(
    assembly: Assembly, config: Config, service: str
) -> None:
    (properties,) = (
        each["Properties"]
        for each in assembly.find_resources(NETWORK, "AWS::EC2::VPCEndpoint").values()
        if str(each["Properties"]["ServiceName"]) == f"com.amazonaws.us-east-1.{service}"
    )
    assert properties["VpcEndpointType"] == "Interface"
    assert properties["PrivateDnsEnabled"] is True
    assert [get_group_name(group) for group in properties["SecurityGroupIds"]] == ["EndpointsGroup"]
    assert len(properties["SubnetIds"]) == config.endpoint_zones
    assert all(subnet["Ref"].startswith("NetworkInner") for subnet in properties["SubnetIds"])


def test_files_are_reached_through_a_gateway_from_all_subnets(assembly: Assembly) -> None:
    (properties,) = (
        each["Properties"]
        for each in assembly.find_resources(NETWORK, "AWS::EC2::VPCEndpoint").values()
        if each["Properties"]["VpcEndpointType"] == "Gateway"
    )
    assert assembly.to_text(properties["ServiceName"]).endswith(".s3")
    tables = {table["Ref"] for table in properties["RouteTableIds"]}
    expected = {
        name
        for name in assembly.find_resources(NETWORK, "AWS::EC2::RouteTable")
        if name.startswith(("NetworkOutward", "NetworkInner"))
    }
    assert len(expected) == 4
    assert expected <= tables


def test_all_traffic_is_logged(assembly: Assembly) -> None:
    (network,) = assembly.find_resources(NETWORK, "AWS::EC2::VPC")
    properties = assembly.find_only(NETWORK, "AWS::EC2::FlowLog")
    assert properties["ResourceId"] == {"Ref": network}
    assert properties["TrafficType"] == "ALL"
    group = assembly.find_resources(NETWORK, "AWS::Logs::LogGroup")
    assert properties["LogGroupName"]["Ref"] in group
