"""A TLS certificate of AWS Certificate Manager, validated by DNS."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate, AcmCertificateOptions
from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from constructs import Construct

from modules.common.names import Names

VALIDATION_TTL_SECONDS = 300


class Certificate(Construct):
    """A certificate for the one name `domain_name`, renewed by ACM as long as it is in use; `name` is its tag.

    `zone_id` is the public hosted zone that the validation record goes to. Attribute `arn` is known once ACM has
    issued the certificate, so a listener never gets one that is still pending.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, name: str, domain_name: str, zone_id: str) -> None:
        super().__init__(scope, id)
        certificate = AcmCertificate(
            self,
            "certificate",
            domain_name=domain_name,
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            options=AcmCertificateOptions(certificate_transparency_logging_preference="ENABLED"),
            tags=names.tags(name),
            # A listener is never without certificate: the new one is there before the old one goes.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        # A certificate of one name has exactly one validation record. `one` picks it from the set, whose values are
        # known after apply only, so that certificate and record are planned in one go; `for_each` could not.
        option = f"one(aws_acm_certificate.{certificate.friendly_unique_id}.domain_validation_options)"
        record = Route53Record(
            self,
            "validation-record",
            zone_id=zone_id,
            name=f"${{{option}.resource_record_name}}",
            type=f"${{{option}.resource_record_type}}",
            ttl=VALIDATION_TTL_SECONDS,
            records=[f"${{{option}.resource_record_value}}"],
        )
        validation = AcmCertificateValidation(
            self, "validation", certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn]
        )
        self.arn: str = validation.certificate_arn
