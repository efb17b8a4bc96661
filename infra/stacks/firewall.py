"""The web firewall in front of CloudFront: known attacks, bad addresses, and too many requests."""

from aws_cdk import ArnFormat, Environment, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.config import Config
from infra.parts.logs import log_group

Acl = waf.CfnWebACL

REQUESTS = 2000
SECONDS = 300
"""What one address may ask for, and in which time."""
BODY_RULES = {
    "AWSManagedRulesCommonRuleSet": (
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
    ),
    "AWSManagedRulesSQLiRuleSet": ("SQLi_BODY",),
}
"""Counted where they stand: a photo's bytes may look like anything."""
BODY_LABELS = (
    "awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body",
    "awswaf:managed:aws:core-rule-set:GenericLFI_Body",
    "awswaf:managed:aws:core-rule-set:GenericRFI_Body",
    "awswaf:managed:aws:sql-database:SQLi_Body",
)
"""What those rules found, but for the size: photos and masks are large."""
MANAGED = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)


class FirewallStack(Stack):
    """Stands in us-east-1, where CloudFront looks for it.

    Attributes:
        web_acl_arn: what a distribution names to be behind it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id, env=Environment(region="us-east-1"))
        acl = Acl(
            self,
            "Firewall",
            scope="CLOUDFRONT",
            default_action=Acl.DefaultActionProperty(allow={}),
            visibility_config=_visibility(config.prefix),
            rules=_rules(),
        )
        self.web_acl_arn = acl.attr_arn
        self._log(config, acl)

    def _log(self, config: Config, acl: waf.CfnWebACL) -> None:
        """Only what was blocked or counted, and nothing that lets anyone sign in."""
        log = log_group(self, "Log", config, name=f"aws-waf-logs-{config.prefix}")
        actions = [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT")]
        waf.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=acl.attr_arn,
            log_destination_configs=[
                self.format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=log.log_group_name,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [
                    {"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": actions}
                ],
            },
            redacted_fields=[
                waf.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": name})
                for name in ("authorization", "cookie")
            ],
        )


def _rules() -> list[waf.CfnWebACL.RuleProperty]:
    rules = [_too_many(0), *(_managed(name, place) for place, name in enumerate(MANAGED, start=1))]
    return [*rules, _bad_body(len(rules))]


def _too_many(priority: int) -> waf.CfnWebACL.RuleProperty:
    return Acl.RuleProperty(
        name="TooMany",
        priority=priority,
        action=Acl.RuleActionProperty(block={}),
        statement=Acl.StatementProperty(
            rate_based_statement=Acl.RateBasedStatementProperty(
                limit=REQUESTS, evaluation_window_sec=SECONDS, aggregate_key_type="IP"
            )
        ),
        visibility_config=_visibility("TooMany"),
    )


def _managed(name: str, priority: int) -> waf.CfnWebACL.RuleProperty:
    counted = [
        Acl.RuleActionOverrideProperty(name=rule, action_to_use=Acl.RuleActionProperty(count={}))
        for rule in BODY_RULES.get(name, ())
    ]
    return Acl.RuleProperty(
        name=name,
        priority=priority,
        override_action=Acl.OverrideActionProperty(none={}),
        statement=Acl.StatementProperty(
            managed_rule_group_statement=Acl.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=counted or None
            )
        ),
        visibility_config=_visibility(name),
    )


def _bad_body(priority: int) -> waf.CfnWebACL.RuleProperty:
    """What was found in a body is blocked all the same, where the body carries no file."""
    labels = [
        Acl.StatementProperty(
            label_match_statement=Acl.LabelMatchStatementProperty(scope="LABEL", key=label)
        )
        for label in BODY_LABELS
    ]
    found = Acl.StatementProperty(or_statement=Acl.OrStatementProperty(statements=labels))
    no_file = Acl.StatementProperty(not_statement=Acl.NotStatementProperty(statement=_has_file()))
    return Acl.RuleProperty(
        name="BadBody",
        priority=priority,
        action=Acl.RuleActionProperty(block={}),
        statement=Acl.StatementProperty(
            and_statement=Acl.AndStatementProperty(statements=[found, no_file])
        ),
        visibility_config=_visibility("BadBody"),
    )


def _has_file() -> waf.CfnWebACL.StatementProperty:
    return Acl.StatementProperty(
        byte_match_statement=Acl.ByteMatchStatementProperty(
            field_to_match=Acl.FieldToMatchProperty(single_header={"Name": "content-type"}),
            positional_constraint="STARTS_WITH",
            search_string="multipart/form-data",
            text_transformations=[Acl.TextTransformationProperty(priority=0, type="LOWERCASE")],
        )
    )


def _visibility(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return Acl.VisibilityConfigProperty(
        metric_name=name, cloud_watch_metrics_enabled=True, sampled_requests_enabled=True
    )
