"""Who stands where in the network, and who may reach whom."""

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
"""Everybody whom anybody may call on, from outside of the network's own range."""


def group_of(value: Any) -> str:
    """The name that a group has in the code."""
    name = value["Fn::GetAtt"][0] if isinstance(value, dict) else value
    return str(name)[:-8] if isinstance(value, dict) else str(name)


def other_end(rule: dict[str, Any], side: str) -> str:
    for field in (f"{side}SecurityGroupId", f"{side}PrefixListId", "CidrIp", "CidrIpv6"):
        if field in rule:
            return group_of(rule[field])
    raise KeyError(side)


def ways_out(assembly: Assembly) -> set[Rule]:
    """Who may call on whom, by which port: every outgoing rule of every stack."""
    found = set()
    for place, rule in assembly.everywhere("AWS::EC2::SecurityGroupEgress"):
        told = rule["Properties"]
        assert told["FromPort"] == told["ToPort"], place
        found.add((group_of(told["GroupId"]), other_end(told, "Destination"), told["FromPort"]))
    for place, group in assembly.everywhere("AWS::EC2::SecurityGroup"):
        for told in group["Properties"].get("SecurityGroupEgress", ()):
            assert told["FromPort"] <= told["ToPort"] or told["IpProtocol"] == "icmp", place
            if told["CidrIp"] != "255.255.255.255/32":  # CDK's way to say nobody
                found.add((place.rpartition("/")[2][:-8], told["CidrIp"], told["FromPort"]))
    return found


def ways_in(assembly: Assembly) -> set[Rule]:
    found = set()
    for _, rule in assembly.everywhere("AWS::EC2::SecurityGroupIngress"):
        told = rule["Properties"]
        found.add((other_end(told, "Source"), group_of(told["GroupId"]), told["FromPort"]))
    for place, group in assembly.everywhere("AWS::EC2::SecurityGroup"):
        for told in group["Properties"].get("SecurityGroupIngress", ()):
            found.add((told["CidrIp"], place.rpartition("/")[2][:-8], told["FromPort"]))
    return found


def test_everybody_reaches_whom_they_need_and_nobody_else(assembly: Assembly) -> None:
    assert ways_out(assembly) == ALLOWED


def test_only_one_group_goes_out_to_the_internet(assembly: Assembly) -> None:
    assert {who for who, whom, _ in ways_out(assembly) if whom in ANYWHERE} == {"OutwardGroup"}


def test_whom_one_may_call_on_lets_one_in(assembly: Assembly) -> None:
    inner = {rule for rule in ALLOWED if rule[1] not in {S3, "0.0.0.0/0"}}
    assert ways_in(assembly) == inner | {("10.0.0.0/16", "LoadBalancerGroup", 80)}


def test_the_default_group_lets_nobody_through(assembly: Assembly) -> None:
    told = assembly.only(NETWORK, "Custom::VpcRestrictDefaultSG")
    assert told["DefaultSecurityGroupId"]["Fn::GetAtt"][1] == "DefaultSecurityGroup"


def test_there_are_two_zones_with_three_kinds_of_subnets(assembly: Assembly) -> None:
    subnets = assembly.of_type(NETWORK, "AWS::EC2::Subnet")
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
        for name, each in assembly.of_type(NETWORK, "AWS::EC2::Route").items()
        if name.startswith(f"Network{kind}")
    }
    assert len(routes) == (2 if leads_to else 0)
    for route in routes.values():
        assert route["DestinationCidrBlock"] == "0.0.0.0/0"
        assert leads_to in route


def test_only_nat_has_addresses_and_stands_in_public(assembly: Assembly, config: Config) -> None:
    gateways = assembly.of_type(NETWORK, "AWS::EC2::NatGateway")
    addresses = list(assembly.everywhere("AWS::EC2::EIP"))
    assert len(gateways) == len(addresses) == config.nat_gateways
    for gateway in gateways.values():
        assert gateway["Properties"]["SubnetId"]["Ref"].startswith("NetworkPublic")


@pytest.mark.parametrize(
    "service", ["sqs", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "rekognition"]
)
def test_services_are_asked_within_the_network(
    assembly: Assembly, config: Config, service: str
) -> None:
    (told,) = (
        each["Properties"]
        for each in assembly.of_type(NETWORK, "AWS::EC2::VPCEndpoint").values()
        if str(each["Properties"]["ServiceName"]) == f"com.amazonaws.us-east-1.{service}"
    )
    assert told["VpcEndpointType"] == "Interface"
    assert told["PrivateDnsEnabled"] is True
    assert [group_of(group) for group in told["SecurityGroupIds"]] == ["EndpointsGroup"]
    assert len(told["SubnetIds"]) == config.endpoint_zones
    assert all(subnet["Ref"].startswith("NetworkInner") for subnet in told["SubnetIds"])


def test_files_go_through_a_gateway_from_everywhere(assembly: Assembly) -> None:
    (told,) = (
        each["Properties"]
        for each in assembly.of_type(NETWORK, "AWS::EC2::VPCEndpoint").values()
        if each["Properties"]["VpcEndpointType"] == "Gateway"
    )
    assert assembly.plain(told["ServiceName"]).endswith(".s3")
    tables = {table["Ref"] for table in told["RouteTableIds"]}
    theirs = {
        name
        for name in assembly.of_type(NETWORK, "AWS::EC2::RouteTable")
        if name.startswith(("NetworkOutward", "NetworkInner"))
    }
    assert len(theirs) == 4
    assert theirs <= tables


def test_all_traffic_is_written_down(assembly: Assembly) -> None:
    (network,) = assembly.of_type(NETWORK, "AWS::EC2::VPC")
    told = assembly.only(NETWORK, "AWS::EC2::FlowLog")
    assert told["ResourceId"] == {"Ref": network}
    assert told["TrafficType"] == "ALL"
    group = assembly.of_type(NETWORK, "AWS::Logs::LogGroup")
    assert told["LogGroupName"]["Ref"] in group
