"""DNSSEC signing of the public zone: resolvers can tell its answers from forged ones."""

from cdktf import TerraformOutput, TerraformProvider, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.route53_hosted_zone_dnssec import Route53HostedZoneDnssec
from cdktf_cdktf_provider_aws.route53_key_signing_key import Route53KeySigningKey
from constructs import Construct

from modules.common.keys import account_administers_key
from modules.common.names import Names
from modules.common.policy import Statement, document

# As long as AWS KMS allows: a zone whose key is gone answers with errors once its signatures run out.
KEY_DELETION_WINDOW_DAYS = 30


class ZoneSigning(Construct):
    """The key-signing key of the public zone `zone_id` and the switch that signs the zone with it.

    The shape of the KMS key and of its policy is Route 53's (developer guide, "Working with customer managed keys for
    DNSSEC" and "AWS KMS key policy for DNSSEC"): ECC_NIST_P256, SIGN_VERIFY, in us-east-1. KMS rotates no asymmetric
    keys; Route 53 rotates the zone-signing key by itself. Terraform never destroys the key. `provider` makes it in
    us-east-1 where the zone's is another one.

    Attribute `key_arn`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        zone_id: str,
        zone_arn: str,
        provider: TerraformProvider | None,
    ) -> None:
        super().__init__(scope, id)
        this_zone = {
            "ArnEquals": {"aws:SourceArn": zone_arn},
            "StringEquals": {"aws:SourceAccount": names.account_id},
        }
        route53 = {"Service": ["dnssec-route53.amazonaws.com"]}
        key = KmsKey(
            self,
            "key",
            description=f"Signs the public zone of {names.prefix}",
            customer_master_key_spec="ECC_NIST_P256",
            key_usage="SIGN_VERIFY",
            deletion_window_in_days=KEY_DELETION_WINDOW_DAYS,
            policy=document(
                [
                    account_administers_key(names),
                    Statement(
                        sid="Route53SignsZone",
                        principals=route53,
                        actions=["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
                        resources=["*"],
                        conditions=this_zone,
                    ),
                    # Without the zone as condition, which AWS's policy has in the statement above only: a grant that is
                    # refused shows as a key-signing key that needs action, not as an error of the apply.
                    Statement(
                        sid="Route53GrantsItself",
                        principals=route53,
                        actions=["kms:CreateGrant"],
                        resources=["*"],
                        conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
                    ),
                ]
            ),
            tags=names.tags("zone-signing"),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
            provider=provider,
        )
        self.key_arn: str = key.arn
        alias = f"alias/{names.name('zone-signing')}"
        KmsAlias(self, "alias", name=alias, target_key_id=key.key_id, provider=provider)
        signing_key = Route53KeySigningKey(
            self,
            "key-signing-key",
            hosted_zone_id=zone_id,
            name=names.name("zone").replace("-", "_"),  # letters, digits and underscores only
            key_management_service_arn=self.key_arn,
        )
        Route53HostedZoneDnssec(self, "dnssec", hosted_zone_id=zone_id, depends_on=[signing_key])
        TerraformOutput(
            self,
            "delegation-signer",
            value=signing_key.ds_record,
            description="DS record that the parent domain takes after it delegates to the name servers",
        ).override_logical_id("delegation_signer")
