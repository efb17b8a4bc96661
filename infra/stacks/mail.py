"""The identity that SES sends mail for."""

from aws_cdk import Environment, Stack
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.config import Config, Domain


class MailStack(Stack):
    """The custom domain, verified and signed by records in its zone; or else one address.

    An address is verified by the link in the mail that AWS sends to it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        if config.domain:
            self._add_domain(config.domain)
        else:
            ses.EmailIdentity(self, "Address", identity=ses.Identity.email(config.mail_from))

    def _add_domain(self, domain: Domain) -> None:
        identity = ses.EmailIdentity(self, "Domain", identity=ses.Identity.domain(domain.name))
        for number, record in enumerate(identity.dkim_records, start=1):
            # Not CnameRecord: it would append the zone to a name that is not known yet.
            route53.CfnRecordSet(
                self,
                f"Signature{number}",
                hosted_zone_id=domain.zone_id,
                name=record.name,
                type="CNAME",
                ttl="1800",
                resource_records=[record.value],
            )
