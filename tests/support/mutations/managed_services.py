"""Sabotages by what the system has none of: APIs, distributions, warehouses, shared images, blocks of an account."""

from __future__ import annotations

from tests.support.mutation import Part, by_rule

IMAGES = Part("aws_s3_bucket", "storage/images/bucket")
IMAGES_BLOCK = Part("aws_s3_bucket_public_access_block", "storage/images/public-access-block")

MUTATIONS = by_rule(
    CKV2_MEALS_162=[
        (
            "a website of images",
            Part("aws_s3_bucket_website_configuration", "storage/images/website").add(
                bucket=IMAGES.id, index_document={"suffix": "index.html"}
            ),
        )
    ],
    CKV2_MEALS_163=[
        (
            "an API without a certificate",
            Part("aws_api_gateway_stage", "edge/stage").add(rest_api_id="1", deployment_id="1", stage_name="live"),
        )
    ],
    CKV2_MEALS_164=[
        ("headers without HSTS", Part("aws_cloudfront_response_headers_policy", "edge/headers").add(name="plain"))
    ],
    CKV2_MEALS_235=[
        ("no block of public access", IMAGES_BLOCK.remove(), IMAGES),
        ("a block of public access that lacks a setting", IMAGES_BLOCK.change("restrict_public_buckets", to=False)),
        (
            "a block of the account that is off",
            Part("aws_s3_account_public_access_block", "storage/account").add(block_public_acls=True),
        ),
    ],
    CKV2_MEALS_236=[
        (
            "a route for everyone",
            Part("aws_apigatewayv2_route", "edge/route").add(api_id="1234567890", route_key="POST /orders"),
        )
    ],
    CKV2_MEALS_237=[
        (
            "snapshots that may be shared",
            Part("aws_ebs_snapshot_block_public_access", "servers/snapshots").add(state="unblocked"),
        )
    ],
    CKV2_MEALS_238=[
        (
            "an endpoint service for everyone",
            Part("aws_vpc_endpoint_service_allowed_principal", "edge/partners").add(
                vpc_endpoint_service_id="vpce-svc-0123456789abcdef0", principal_arn="*"
            ),
        ),
        (
            "an image for everyone",
            Part("aws_ami_launch_permission", "servers/image").add(image_id="ami-0123456789abcdef0", group="all"),
        ),
    ],
    CKV2_MEALS_239=[
        (
            "a warehouse without its VPC's routes",
            Part("aws_redshift_cluster", "streaming/warehouse").add(cluster_identifier="w", node_type="ra3.large"),
        )
    ],
    CKV2_MEALS_240=[
        (
            "a distribution that asks S3 without signing",
            Part("aws_cloudfront_distribution", "edge/images").add(
                origin=[{"origin_id": "images", "domain_name": IMAGES.attribute("bucket_regional_domain_name")}]
            ),
        )
    ],
)
