"""The web firewall in front of CloudFront: known attacks, bad addresses, and too many requests."""

from aws_cdk import ArnFormat, Environment, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.config import Config
from infra.parts.logs import add_log_group

Acl = waf.CfnWebACL

REQUESTS = 2000
SECONDS = 300
"""The most requests of one address, and the time in which they are counted."""
BODY_RULES = {
    "AWSManagedRulesCommonRuleSet": (
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
    ),
    "AWSManagedRulesSQLiRuleSet": ("SQLi_BODY",),
}
"""Rules that only count, because the bytes of a photo may look like an attack."""
BODY_LABELS = (
    "awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body",
    "awswaf:managed:aws:core-rule-set:GenericLFI_Body",
    "awswaf:managed:aws:core-rule-set:GenericRFI_Body",
    "awswaf:managed:aws:sql-database:SQLi_Body",
)
"""Labels that those rules add, without that for the size: photos and masks are large."""
MANAGED_RULES = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)


class FirewallStack(Stack):
    """The web ACL; it must be in us-east-1 for CloudFront.

    Attributes:
        web_acl_arn: for the distribution that it protects.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id, env=Environment(region="us-east-1"))
        acl = Acl(
            self,
            "Firewall",
            scope="CLOUDFRONT",
            default_action=Acl.DefaultActionProperty(allow={}),
            visibility_config=_build_visibility(config.prefix),
            rules=_build_rules(),
        )
        self.web_acl_arn = acl.attr_arn
        self._add_logging(config, acl)

    def _add_logging(self, config: Config, acl: waf.CfnWebACL) -> None:
        """Log requests that were blocked or counted, without their credentials."""
        log = add_log_group(self, "Log", config, name=f"aws-waf-logs-{config.prefix}")
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


def _build_rules() -> list[waf.CfnWebACL.RuleProperty]:
    rules = [
        _build_rate_rule(0),
        *(_build_managed_rule(name, place) for place, name in enumerate(MANAGED_RULES, start=1)),
    ]
    return [*rules, _build_body_rule(len(rules))]


def _build_rate_rule(priority: int) -> waf.CfnWebACL.RuleProperty:
    return Acl.RuleProperty(
        name="TooMany",
        priority=priority,
        action=Acl.RuleActionProperty(block={}),
        statement=Acl.StatementProperty(
            rate_based_statement=Acl.RateBasedStatementProperty(
                limit=REQUESTS, evaluation_window_sec=SECONDS, aggregate_key_type="IP"
            )
        ),
        visibility_config=_build_visibility("TooMany"),
    )


def _build_managed_rule(name: str, priority: int) -> waf.CfnWebACL.RuleProperty:
    overrides = [
        Acl.RuleActionOverrideProperty(name=rule, action_to_use=Acl.RuleActionProperty(count={}))
        for rule in BODY_RULES.get(name, ())
    ]
    return Acl.RuleProperty(
        name=name,
        priority=priority,
        override_action=Acl.OverrideActionProperty(none={}),
        statement=Acl.StatementProperty(
            managed_rule_group_statement=Acl.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=overrides or None
            )
        ),
        visibility_config=_build_visibility(name),
    )


def _build_body_rule(priority: int) -> waf.CfnWebACL.RuleProperty:
    """Build the rule that blocks a suspicious body which carries no file."""
    labels = [
        Acl.StatementProperty(
            label_match_statement=Acl.LabelMatchStatementProperty(scope="LABEL", key=label)
        )
        for label in BODY_LABELS
    ]
    matches_label = Acl.StatementProperty(or_statement=Acl.OrStatementProperty(statements=labels))
    no_file = Acl.StatementProperty(
        not_statement=Acl.NotStatementProperty(statement=_build_file_statement())
    )
    return Acl.RuleProperty(
        name="BadBody",
        priority=priority,
        action=Acl.RuleActionProperty(block={}),
        statement=Acl.StatementProperty(
            and_statement=Acl.AndStatementProperty(statements=[matches_label, no_file])
        ),
        visibility_config=_build_visibility("BadBody"),
    )


def _build_file_statement() -> waf.CfnWebACL.StatementProperty:
    return Acl.StatementProperty(
        byte_match_statement=Acl.ByteMatchStatementProperty(
            field_to_match=Acl.FieldToMatchProperty(single_header={"Name": "content-type"}),
            positional_constraint="STARTS_WITH",
            search_string="multipart/form-data",
            text_transformations=[Acl.TextTransformationProperty(priority=0, type="LOWERCASE")],
        )
    )


def _build_visibility(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return Acl.VisibilityConfigProperty(
        metric_name=name, cloud_watch_metrics_enabled=True, sampled_requests_enabled=True
    )
