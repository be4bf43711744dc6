"""What applying changes in the network: the VPC, and how the world finds and enters the system.

EC2, Route 53 and ACM know resources by ids that are not known beforehand: account and region are the limit there.
"""

from envs.settings.regions import global_region
from modules.common.names import Names
from modules.common.policy import Statement
from modules.delivery.grants import anywhere, grant


def network_statements(names: Names) -> list[Statement]:
    """Return what makes and changes the VPC and launch templates."""
    return [
        grant(
            "ChangeNetwork",
            "ec2",
            "AssociateRouteTable AttachInternetGateway AttachVpnGateway AuthorizeSecurityGroupEgress "
            "AuthorizeSecurityGroupIngress CreateCustomerGateway CreateFlowLogs CreateInternetGateway "
            "CreateLaunchTemplate CreateLaunchTemplateVersion CreateNetworkAcl CreateNetworkAclEntry "
            "CreateNetworkInterface CreateNetworkInterfacePermission CreateRoute CreateRouteTable CreateSecurityGroup "
            "CreateSubnet CreateTags CreateVpc CreateVpcEndpoint CreateVpnConnection CreateVpnConnectionRoute "
            "CreateVpnGateway DeleteCustomerGateway DeleteFlowLogs DeleteInternetGateway DeleteLaunchTemplate "
            "DeleteNetworkAcl DeleteNetworkAclEntry DeleteNetworkInterface DeleteNetworkInterfacePermission "
            "DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteTags DeleteVpc DeleteVpcEndpoints "
            "DeleteVpnConnection DeleteVpnConnectionRoute DeleteVpnGateway DetachInternetGateway "
            "DetachNetworkInterface DetachVpnGateway DisassociateRouteTable ModifyLaunchTemplate "
            "ModifyNetworkInterfaceAttribute ModifySecurityGroupRules ModifySubnetAttribute ModifyVpcAttribute "
            "ModifyVpcEndpoint ModifyVpnConnection ModifyVpnConnectionOptions ModifyVpnTunnelOptions "
            "ReplaceNetworkAclAssociation ReplaceRoute ReplaceRouteTableAssociation RevokeSecurityGroupEgress "
            "RevokeSecurityGroupIngress",
            names.arn("ec2", "*"),
        ),
        # EC2 Auto Scaling asks whether the caller could start the launch template's instances itself (EC2 Auto Scaling
        # user guide, "Launch template support").
        grant(
            "StartServers",
            "ec2",
            "RunInstances",
            names.arn("ec2", "*"),
            f"arn:{names.partition}:ec2:{names.region}::image/*",
            f"arn:{names.partition}:ec2:{names.region}::snapshot/*",
        ),
    ]


def edge_statements(names: Names) -> list[Statement]:
    """Return what makes and changes load balancers, the web ACL, DNS and certificates."""
    prefix, region = names.prefix, names.region
    return [
        grant(
            "ChangeLoadBalancers",
            "elasticloadbalancing",
            "AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener DeleteLoadBalancer "
            "DeleteRule DeleteTargetGroup ModifyListener ModifyListenerAttributes ModifyLoadBalancerAttributes "
            "ModifyRule ModifyTargetGroup ModifyTargetGroupAttributes RemoveTags SetRulePriorities SetSecurityGroups "
            "SetSubnets",
            *(
                names.arn("elasticloadbalancing", f"{kind}/{prefix}-*")
                for kind in ("listener-rule/app", "listener/app", "loadbalancer/app", "targetgroup")
            ),
        ),
        anywhere("ChangeWebAclOfLoadBalancers", "elasticloadbalancing", "SetWebAcl", region),
        grant(
            "ChangeWebAcl",
            "wafv2",
            "AssociateWebACL CreateWebACL DeleteLoggingConfiguration DeleteWebACL DisassociateWebACL "
            "PutLoggingConfiguration TagResource UntagResource UpdateWebACL",
            names.arn("wafv2", f"regional/webacl/{prefix}-*"),
            names.arn("wafv2", "regional/managedruleset/*"),
            names.arn("elasticloadbalancing", f"loadbalancer/app/{prefix}-*"),
        ),
        grant(
            "ChangeZones",
            "route53",
            "AssociateVPCWithHostedZone ChangeResourceRecordSets ChangeTagsForResource DeleteHostedZone "
            "DisassociateVPCFromHostedZone UpdateHostedZoneComment",
            f"arn:{names.partition}:route53:::hostedzone/*",
            names.arn("ec2", "vpc/*").replace(f":{region}:", ":*:"),
        ),
        anywhere("CreateZones", "route53", "CreateHostedZone", global_region(region)),
        grant(
            "ChangeResolver",
            "route53resolver",
            "AssociateFirewallRuleGroup AssociateResolverQueryLogConfig CreateFirewallDomainList CreateFirewallRule "
            "CreateFirewallRuleGroup DeleteFirewallDomainList DeleteFirewallRule DeleteFirewallRuleGroup "
            "DeleteResolverQueryLogConfig DisassociateFirewallRuleGroup DisassociateResolverQueryLogConfig TagResource "
            "UntagResource UpdateFirewallConfig UpdateFirewallDomains UpdateFirewallRule "
            "UpdateFirewallRuleGroupAssociation",
            names.arn("route53resolver", "*"),
        ),
        anywhere("CreateQueryLogs", "route53resolver", "CreateResolverQueryLogConfig", region),
        grant(
            "ChangeCertificates",
            "acm",
            "AddTagsToCertificate DeleteCertificate RemoveTagsFromCertificate UpdateCertificateOptions",
            names.arn("acm", "certificate/*"),
        ),
        anywhere("RequestCertificates", "acm", "RequestCertificate", region),
    ]
