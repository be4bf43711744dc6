"""Route 53 Resolver DNS Firewall, of which moto has nothing, and the end of a query log's association."""

from __future__ import annotations

from typing import Any

from moto.route53resolver.models import route53resolver_backends

from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service, identifier, not_found


class Route53Resolver(Service):
    """Firewall configurations, domain lists, rule groups, rules and associations; each is COMPLETE at once."""

    name = "route53resolver"

    def __init__(self) -> None:
        self.configurations: dict[str, dict[str, Any]] = {}
        self.domain_lists: dict[str, dict[str, Any]] = {}
        self.domains: dict[str, list[str]] = {}
        self.rule_groups: dict[str, dict[str, Any]] = {}
        self.rules: dict[tuple[str, str], dict[str, Any]] = {}
        self.associations: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}

    # Configurations

    def update_firewall_config(self, call: Call, given: Parameters) -> Result:
        """Say whether a VPC's queries are answered when the firewall does not answer."""
        configuration = self._configuration(call, given["ResourceId"])
        configuration["FirewallFailOpen"] = given["FirewallFailOpen"]
        return {"FirewallConfig": configuration}

    def get_firewall_config(self, call: Call, given: Parameters) -> Result:
        """The configuration of a VPC, whether or not one was made."""
        return {"FirewallConfig": self._configuration(call, given["ResourceId"])}

    def list_firewall_configs(self, call: Call, given: Parameters) -> Result:
        """All configurations."""
        return {"FirewallConfigs": list(self.configurations.values())}

    # Domain lists

    def create_firewall_domain_list(self, call: Call, given: Parameters) -> Result:
        """Keep an empty list."""
        kept = self._new(call, "rslvr-fdl-", "firewall-domain-list", given) | {"DomainCount": 0}
        self.domain_lists[kept["Id"]] = kept
        self.domains[kept["Id"]] = []
        return {"FirewallDomainList": kept}

    def update_firewall_domains(self, call: Call, given: Parameters) -> Result:
        """Add, remove or replace domains. AWS keeps names with their final dot, whether or not they came with it."""
        kept = self._domain_list(given["FirewallDomainListId"])
        named = [f"{domain.rstrip('.')}." for domain in given["Domains"]]
        before = self.domains[kept["Id"]]
        after = {
            "ADD": [*before, *(domain for domain in named if domain not in before)],
            "REMOVE": [domain for domain in before if domain not in named],
            "REPLACE": named,
        }[given["Operation"]]
        self.domains[kept["Id"]] = after
        kept["DomainCount"] = len(after)
        return {key: kept[key] for key in ("Id", "Name", "Status")}

    def list_firewall_domains(self, call: Call, given: Parameters) -> Result:
        """The domains of a list."""
        return {"Domains": self.domains[self._domain_list(given["FirewallDomainListId"])["Id"]]}

    def get_firewall_domain_list(self, call: Call, given: Parameters) -> Result:
        """A list without its domains."""
        return {"FirewallDomainList": self._domain_list(given["FirewallDomainListId"])}

    def list_firewall_domain_lists(self, call: Call, given: Parameters) -> Result:
        """All lists."""
        return {"FirewallDomainLists": list(self.domain_lists.values())}

    def delete_firewall_domain_list(self, call: Call, given: Parameters) -> Result:
        """Forget a list."""
        kept = self._domain_list(given["FirewallDomainListId"])
        del self.domain_lists[kept["Id"]], self.domains[kept["Id"]]
        return {"FirewallDomainList": kept}

    # Rule groups and rules

    def create_firewall_rule_group(self, call: Call, given: Parameters) -> Result:
        """Keep a group without rules."""
        kept = self._new(call, "rslvr-frg-", "firewall-rule-group", given)
        kept |= {"OwnerId": call.account_id, "RuleCount": 0, "ShareStatus": "NOT_SHARED"}
        self.rule_groups[kept["Id"]] = kept
        return {"FirewallRuleGroup": kept}

    def get_firewall_rule_group(self, call: Call, given: Parameters) -> Result:
        """A group without its rules."""
        return {"FirewallRuleGroup": self._rule_group(given["FirewallRuleGroupId"])}

    def list_firewall_rule_groups(self, call: Call, given: Parameters) -> Result:
        """All groups."""
        return {"FirewallRuleGroups": list(self.rule_groups.values())}

    def delete_firewall_rule_group(self, call: Call, given: Parameters) -> Result:
        """Forget a group."""
        return {"FirewallRuleGroup": self.rule_groups.pop(self._rule_group(given["FirewallRuleGroupId"])["Id"])}

    def create_firewall_rule(self, call: Call, given: Parameters) -> Result:
        """Keep a rule of a group."""
        self._rule_group(given["FirewallRuleGroupId"])
        self._domain_list(given["FirewallDomainListId"])
        rule = {"FirewallDomainRedirectionAction": "INSPECT_REDIRECTION_DOMAIN", **given}
        self.rules[given["FirewallRuleGroupId"], given["FirewallDomainListId"]] = rule
        return {"FirewallRule": rule}

    def update_firewall_rule(self, call: Call, given: Parameters) -> Result:
        """Change a rule."""
        rule = self._rule(given)
        rule |= given
        return {"FirewallRule": rule}

    def list_firewall_rules(self, call: Call, given: Parameters) -> Result:
        """The rules of a group."""
        group = self._rule_group(given["FirewallRuleGroupId"])["Id"]
        return {"FirewallRules": [rule for (owner, _), rule in self.rules.items() if owner == group]}

    def delete_firewall_rule(self, call: Call, given: Parameters) -> Result:
        """Forget a rule."""
        rule = self._rule(given)
        del self.rules[given["FirewallRuleGroupId"], given["FirewallDomainListId"]]
        return {"FirewallRule": rule}

    # Associations

    def associate_firewall_rule_group(self, call: Call, given: Parameters) -> Result:
        """Keep that a group holds for a VPC."""
        kept = self._new(call, "rslvr-frgassoc-", "firewall-rule-group-association", given)
        kept |= {key: given[key] for key in ("FirewallRuleGroupId", "Priority", "VpcId")}
        kept["MutationProtection"] = given.get("MutationProtection", "DISABLED")
        self.associations[kept["Id"]] = kept
        return {"FirewallRuleGroupAssociation": kept}

    def update_firewall_rule_group_association(self, call: Call, given: Parameters) -> Result:
        """Change name, priority or protection."""
        kept = self._association(given)
        kept |= {key: given[key] for key in ("MutationProtection", "Name", "Priority") if key in given}
        return {"FirewallRuleGroupAssociation": kept}

    def get_firewall_rule_group_association(self, call: Call, given: Parameters) -> Result:
        """An association."""
        return {"FirewallRuleGroupAssociation": self._association(given)}

    def list_firewall_rule_group_associations(self, call: Call, given: Parameters) -> Result:
        """All associations."""
        return {"FirewallRuleGroupAssociations": list(self.associations.values())}

    def disassociate_firewall_rule_group(self, call: Call, given: Parameters) -> Result:
        """Forget an association."""
        return {"FirewallRuleGroupAssociation": self.associations.pop(self._association(given)["Id"])}

    # Query logs

    def disassociate_resolver_query_log_config(self, call: Call, given: Parameters) -> Result:
        """End the association that moto began."""
        backend: Any = route53resolver_backends[call.account_id][call.region]
        for key, association in backend.resolver_query_log_config_associations.items():
            if (association.resolver_query_log_config_id, association.resource_id) == (
                given["ResolverQueryLogConfigId"],
                given["ResourceId"],
            ):
                del backend.resolver_query_log_config_associations[key]
                return {"ResolverQueryLogConfigAssociation": {"Id": key, "Status": "DELETING"}}
        raise not_found("The association")

    def delete_resolver_query_log_config(self, call: Call, given: Parameters) -> Result:
        """Forget a configuration, which no VPC may use any more."""
        backend: Any = route53resolver_backends[call.account_id][call.region]
        wanted = given["ResolverQueryLogConfigId"]
        if wanted not in backend.resolver_query_log_configs:
            raise not_found(f"The query logging configuration {wanted}")
        associations = backend.resolver_query_log_config_associations.values()
        if any(association.resolver_query_log_config_id == wanted for association in associations):
            raise AwsError(
                "InvalidRequestException",
                f"[RSLVR-01304] The query logging configuration {wanted} is associated with a VPC. "
                "Disassociate it first.",
            )
        config = backend.resolver_query_log_configs.pop(wanted)
        return {"ResolverQueryLogConfig": {"Arn": config.arn, "Id": wanted, "Status": "DELETING"}}

    # Tags

    def list_tags_for_resource(self, call: Call, given: Parameters) -> Result:
        """The tags of the firewall's resources; those of others are moto's."""
        tags = self.tags.get(given["ResourceArn"])
        return tags if tags is None else {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def tag_resource(self, call: Call, given: Parameters) -> Result:
        """Add tags."""
        if given["ResourceArn"] not in self.tags:
            return None
        self.tags[given["ResourceArn"]] |= {tag["Key"]: tag["Value"] for tag in given["Tags"]}
        return {}

    def untag_resource(self, call: Call, given: Parameters) -> Result:
        """Remove tags."""
        if given["ResourceArn"] not in self.tags:
            return None
        for key in given["TagKeys"]:
            self.tags[given["ResourceArn"]].pop(key, None)
        return {}

    def _new(self, call: Call, prefix: str, kind: str, given: Parameters) -> dict[str, Any]:
        """What every new resource of the firewall has; its tags are kept."""
        new = identifier(prefix)
        arn = call.arn("route53resolver", f"{kind}/{new}")
        self.tags[arn] = {tag["Key"]: tag["Value"] for tag in given.get("Tags", [])}
        return {"Arn": arn, "Id": new, "Name": given["Name"], "Status": "COMPLETE"}

    def _configuration(self, call: Call, vpc_id: str) -> dict[str, Any]:
        if vpc_id not in self.configurations:
            self.configurations[vpc_id] = {
                "FirewallFailOpen": "DISABLED",
                "Id": identifier("rslvr-fc-"),
                "OwnerId": call.account_id,
                "ResourceId": vpc_id,
            }
        return self.configurations[vpc_id]

    def _domain_list(self, id: str) -> dict[str, Any]:
        if id not in self.domain_lists:
            raise not_found(f"The domain list {id}")
        return self.domain_lists[id]

    def _rule_group(self, id: str) -> dict[str, Any]:
        if id not in self.rule_groups:
            raise not_found(f"The rule group {id}")
        return self.rule_groups[id]

    def _rule(self, given: Parameters) -> dict[str, Any]:
        key = given["FirewallRuleGroupId"], given["FirewallDomainListId"]
        if key not in self.rules:
            raise not_found("The rule")
        return self.rules[key]

    def _association(self, given: Parameters) -> dict[str, Any]:
        wanted = given["FirewallRuleGroupAssociationId"]
        if wanted not in self.associations:
            raise not_found(f"The association {wanted}")
        return self.associations[wanted]
