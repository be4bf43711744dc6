"""Amazon MSK: all of it, because moto's clusters have another form of ARN, never get ACTIVE and have no brokers."""

from __future__ import annotations

import random
import time
import uuid
from typing import Any

from moto.ec2.models import ec2_backends

from cli.core.sandbox.server import lingering
from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service, not_found, now

_PROVISIONED = (
    "BrokerNodeGroupInfo",
    "ClientAuthentication",
    "CurrentBrokerSoftwareInfo",
    "EncryptionInfo",
    "EnhancedMonitoring",
    "LoggingInfo",
    "NumberOfBrokerNodes",
    "OpenMonitoring",
    "StorageMode",
    "ZookeeperConnectString",
    "ZookeeperConnectStringTls",
)
"""What `DescribeClusterV2` keeps in `provisioned` and `DescribeCluster` beside the rest."""


_BOOTSTRAP_BROKERS = 3
"""The most brokers that `GetBootstrapBrokers` names."""

_ZONES_WITHOUT_BROKERS = frozenset({"use1-az3"})
"""Ids of zones in which MSK makes no brokers."""


class Kafka(Service):
    """Configurations with their revisions, provisioned clusters, their policies and tags.

    Clusters are ACTIVE and operations complete as soon as they are asked about.
    """

    name = "kafka"

    def __init__(self) -> None:
        self.configurations: dict[str, dict[str, Any]] = {}
        self.properties: dict[tuple[str, int], bytes] = {}
        self.clusters: dict[str, dict[str, Any]] = {}
        self.policies: dict[str, str] = {}
        self.tags: dict[str, dict[str, str]] = {}

    # Configurations

    def create_configuration(self, call: Call, given: Parameters) -> Result:
        """Keep a configuration as its first revision."""
        arn = call.arn("kafka", f"configuration/{given['Name']}/{uuid.uuid4()}-1")
        self.configurations[arn] = {
            "Arn": arn,
            "CreationTime": now(),
            "Description": given.get("Description", ""),
            "KafkaVersions": given.get("KafkaVersions", []),
            "Name": given["Name"],
            "State": "ACTIVE",
        }
        return self._revise(arn, given)

    def update_configuration(self, call: Call, given: Parameters) -> Result:
        """Keep the next revision."""
        self._configuration(given["Arn"])
        return self._revise(given["Arn"], given)

    def describe_configuration(self, call: Call, given: Parameters) -> Result:
        """A configuration with its latest revision."""
        return self._configuration(given["Arn"])

    def list_configurations(self, call: Call, given: Parameters) -> Result:
        """All configurations."""
        return {"Configurations": list(self.configurations.values())}

    def describe_configuration_revision(self, call: Call, given: Parameters) -> Result:
        """A revision with its properties."""
        configuration = self._configuration(given["Arn"])
        revision = int(given["Revision"])
        return {
            "Arn": given["Arn"],
            "CreationTime": configuration["CreationTime"],
            "Description": configuration["Description"],
            "Revision": revision,
            "ServerProperties": self.properties[given["Arn"], revision],
        }

    def delete_configuration(self, call: Call, given: Parameters) -> Result:
        """Forget a configuration."""
        self._configuration(given["Arn"])
        del self.configurations[given["Arn"]]
        return {"Arn": given["Arn"], "State": "DELETING"}

    # Clusters

    def create_cluster(self, call: Call, given: Parameters) -> Result:
        """Keep a cluster, with what AWS adds: how its brokers are spread, no public access, ZooKeeper's address."""
        name = given["ClusterName"]
        if any(cluster["ClusterName"] == name for cluster in self.clusters.values()):
            raise AwsError("ConflictException", f"A resource with cluster name {name} already exists")
        _refuse_zones(call, given["BrokerNodeGroupInfo"]["ClientSubnets"])
        arn = call.arn("kafka", f"cluster/{name}/{uuid.uuid4()}-1")
        configuration = given.get("ConfigurationInfo", {})
        connectivity = {"PublicAccess": {"Type": "DISABLED"}} | given["BrokerNodeGroupInfo"].get("ConnectivityInfo", {})
        self.clusters[arn] = {
            **{key: value for key, value in given.items() if key not in ("ConfigurationInfo", "KafkaVersion", "Tags")},
            "BrokerNodeGroupInfo": {
                "BrokerAZDistribution": "DEFAULT",
                **given["BrokerNodeGroupInfo"],
                "ConnectivityInfo": connectivity,
            },
            "ClusterArn": arn,
            "CreationTime": now(),
            "CurrentBrokerSoftwareInfo": {
                "KafkaVersion": given["KafkaVersion"],
                "ConfigurationArn": configuration.get("Arn"),
                "ConfigurationRevision": configuration.get("Revision"),
            },
            "CurrentVersion": "K1",
            "State": "ACTIVE",
            "StorageMode": given.get("StorageMode", "LOCAL"),
            "ZookeeperConnectString": f"z-1.{_domain(name, call)}:2181",
            "ZookeeperConnectStringTls": f"z-1.{_domain(name, call)}:2182",
        }
        self.tags[arn] = dict(given.get("Tags", {}))
        nodes = given["BrokerNodeGroupInfo"]
        network = frozenset((*nodes["ClientSubnets"], *nodes.get("SecurityGroups", ())))
        lingering.clusters(call)[arn] = lingering.Cluster(network)
        return {"ClusterArn": arn, "ClusterName": name, "State": "CREATING"}

    def describe_cluster(self, call: Call, given: Parameters) -> Result:
        """A cluster, as the first version of the API says it."""
        cluster = self._cluster(given["ClusterArn"])
        return {"ClusterInfo": {**cluster, "Tags": self.tags[cluster["ClusterArn"]]}}

    def describe_cluster_v2(self, call: Call, given: Parameters) -> Result:
        """A cluster, as the second version of the API says it."""
        return {"ClusterInfo": self._second_version(self._cluster(given["ClusterArn"]))}

    def list_clusters_v2(self, call: Call, given: Parameters) -> Result:
        """All clusters, as the second version of the API says them."""
        return {"ClusterInfoList": [self._second_version(each) for each in self.clusters.values()]}

    def get_bootstrap_brokers(self, call: Call, given: Parameters) -> Result:
        """The addresses of any three brokers, in any order, for IAM authentication: in the VPC and over PrivateLink."""
        hosts = _hosts(call, self._cluster(given["ClusterArn"]))
        names = random.sample(hosts, min(len(hosts), _BOOTSTRAP_BROKERS))
        return {
            "BootstrapBrokerStringSaslIam": ",".join(f"{name}:9098" for name in names),
            "BootstrapBrokerStringVpcConnectivitySaslIam": ",".join(f"{name}:14001" for name in names),
        }

    def list_nodes(self, call: Call, given: Parameters) -> Result:
        """The brokers in any order, each with its address."""
        cluster = self._cluster(given["ClusterArn"])
        subnets = cluster["BrokerNodeGroupInfo"]["ClientSubnets"]
        nodes = [
            {
                "AddedToClusterTime": cluster["CreationTime"].isoformat(),
                "BrokerNodeInfo": {
                    "BrokerId": float(number),
                    "ClientSubnet": subnets[(number - 1) % len(subnets)],
                    "CurrentBrokerSoftwareInfo": cluster["CurrentBrokerSoftwareInfo"],
                    "Endpoints": [host],
                },
                "InstanceType": cluster["BrokerNodeGroupInfo"]["InstanceType"],
                "NodeARN": f"{cluster['ClusterArn']}/{number}",
                "NodeType": "BROKER",
            }
            for number, host in enumerate(_hosts(call, cluster), start=1)
        ]
        return {"NodeInfoList": random.sample(nodes, len(nodes))}

    def update_connectivity(self, call: Call, given: Parameters) -> Result:
        """Change public access and AWS PrivateLink."""
        cluster = self._cluster(given["ClusterArn"])
        cluster["BrokerNodeGroupInfo"]["ConnectivityInfo"] |= given["ConnectivityInfo"]
        return self._changed(call, cluster)

    def update_broker_count(self, call: Call, given: Parameters) -> Result:
        """Change the number of brokers."""
        cluster = self._cluster(given["ClusterArn"])
        cluster["NumberOfBrokerNodes"] = given["TargetNumberOfBrokerNodes"]
        return self._changed(call, cluster)

    def update_broker_type(self, call: Call, given: Parameters) -> Result:
        """Change the brokers' instance type."""
        cluster = self._cluster(given["ClusterArn"])
        cluster["BrokerNodeGroupInfo"]["InstanceType"] = given["TargetInstanceType"]
        return self._changed(call, cluster)

    def update_broker_storage(self, call: Call, given: Parameters) -> Result:
        """Change the size of the brokers' volumes."""
        cluster = self._cluster(given["ClusterArn"])
        (volume,) = given["TargetBrokerEBSVolumeInfo"]
        cluster["BrokerNodeGroupInfo"]["StorageInfo"]["EbsStorageInfo"]["VolumeSize"] = volume["VolumeSizeGB"]
        return self._changed(call, cluster)

    def update_cluster_configuration(self, call: Call, given: Parameters) -> Result:
        """Use another configuration, or another revision."""
        cluster = self._cluster(given["ClusterArn"])
        cluster["CurrentBrokerSoftwareInfo"] |= {
            "ConfigurationArn": given["ConfigurationInfo"]["Arn"],
            "ConfigurationRevision": given["ConfigurationInfo"]["Revision"],
        }
        return self._changed(call, cluster)

    def update_cluster_kafka_version(self, call: Call, given: Parameters) -> Result:
        """Use another version of Kafka."""
        cluster = self._cluster(given["ClusterArn"])
        cluster["CurrentBrokerSoftwareInfo"]["KafkaVersion"] = given["TargetKafkaVersion"]
        return self._changed(call, cluster)

    def update_monitoring(self, call: Call, given: Parameters) -> Result:
        """Change monitoring and logging."""
        cluster = self._cluster(given["ClusterArn"])
        cluster |= {key: given[key] for key in ("EnhancedMonitoring", "LoggingInfo", "OpenMonitoring") if key in given}
        return self._changed(call, cluster)

    def describe_cluster_operation(self, call: Call, given: Parameters) -> Result:
        """Every change of a cluster is complete."""
        return {
            "ClusterOperationInfo": {
                "OperationArn": given["ClusterOperationArn"],
                "OperationState": "UPDATE_COMPLETE",
            }
        }

    def delete_cluster(self, call: Call, given: Parameters) -> Result:
        """Forget a cluster."""
        self._cluster(given["ClusterArn"])
        if lingering.hangs_on(call, given["ClusterArn"]):
            raise AwsError(
                "BadRequestException",
                "You can't delete a cluster that has client VPC connections. Delete the connections and try again.",
            )
        del self.clusters[given["ClusterArn"]]
        lingering.clusters(call).pop(given["ClusterArn"], None)
        return {"ClusterArn": given["ClusterArn"], "State": "DELETING"}

    # Policies and tags

    def put_cluster_policy(self, call: Call, given: Parameters) -> Result:
        """Keep the policy of a cluster."""
        self._cluster(given["ClusterArn"])
        self.policies[given["ClusterArn"]] = given["Policy"]
        lingering.clusters(call)[given["ClusterArn"]].policy_since = time.time()
        return {"CurrentVersion": "K1"}

    def get_cluster_policy(self, call: Call, given: Parameters) -> Result:
        """The policy of a cluster."""
        if given["ClusterArn"] not in self.policies:
            raise not_found("The cluster policy", "NotFoundException")
        return {"CurrentVersion": "K1", "Policy": self.policies[given["ClusterArn"]]}

    def delete_cluster_policy(self, call: Call, given: Parameters) -> Result:
        """Forget the policy of a cluster."""
        self.policies.pop(given["ClusterArn"], None)
        if given["ClusterArn"] in lingering.clusters(call):
            lingering.clusters(call)[given["ClusterArn"]].policy_since = None
        return {}

    def list_tags_for_resource(self, call: Call, given: Parameters) -> Result:
        """The tags of a cluster."""
        return {"Tags": self.tags.get(given["ResourceArn"], {})}

    def tag_resource(self, call: Call, given: Parameters) -> Result:
        """Add tags to a cluster."""
        self.tags.setdefault(given["ResourceArn"], {}).update(given["Tags"])
        return {}

    def untag_resource(self, call: Call, given: Parameters) -> Result:
        """Remove tags of a cluster."""
        for key in given["TagKeys"]:
            self.tags.get(given["ResourceArn"], {}).pop(key, None)
        return {}

    def _configuration(self, arn: str) -> dict[str, Any]:
        if arn not in self.configurations:
            raise AwsError("BadRequestException", "Configuration ARN does not exist.")
        return self.configurations[arn]

    def _revise(self, arn: str, given: Parameters) -> Result:
        """Keep a revision of a configuration; it becomes the latest."""
        configuration = self.configurations[arn]
        last = configuration.get("LatestRevision", {"Revision": 0})["Revision"]
        description = given.get("Description", "")
        configuration |= {
            "Description": description,
            "LatestRevision": {"CreationTime": now(), "Description": description, "Revision": last + 1},
        }
        self.properties[arn, last + 1] = given["ServerProperties"]
        return configuration

    def _cluster(self, arn: str) -> dict[str, Any]:
        if arn not in self.clusters:
            raise not_found(f"The cluster {arn}", "NotFoundException")
        return self.clusters[arn]

    def _second_version(self, cluster: dict[str, Any]) -> dict[str, Any]:
        return {
            **{key: cluster[key] for key in ("ClusterArn", "ClusterName", "CreationTime", "CurrentVersion", "State")},
            "ClusterType": "PROVISIONED",
            "Provisioned": {key: cluster[key] for key in _PROVISIONED if key in cluster},
            "Tags": self.tags[cluster["ClusterArn"]],
        }

    def _changed(self, call: Call, cluster: dict[str, Any]) -> Result:
        """A change that was made: a new version, and the operation that can be asked about."""
        cluster["CurrentVersion"] = f"K{int(cluster['CurrentVersion'][1:]) + 1}"
        operation = call.arn("kafka", f"cluster-operation/{cluster['ClusterName']}/{uuid.uuid4()}")
        return {"ClusterArn": cluster["ClusterArn"], "ClusterOperationArn": operation}


def _hosts(call: Call, cluster: dict[str, Any]) -> list[str]:
    """The brokers' addresses, in the order of their ids."""
    domain = _domain(cluster["ClusterName"], call)
    return [f"b-{number}.{domain}" for number in range(1, cluster["NumberOfBrokerNodes"] + 1)]


def _refuse_zones(call: Call, subnet_ids: list[str]) -> None:
    """Refuse subnets in a zone that MSK does not serve."""
    subnets = ec2_backends[call.account_id][call.region].subnets
    for by_id in subnets.values():
        for subnet_id in subnet_ids:
            subnet = by_id.get(subnet_id)
            if subnet and subnet.availability_zone_id in _ZONES_WITHOUT_BROKERS:
                raise AwsError(
                    "BadRequestException",
                    f"One or more subnets belong to unsupported availability zones: [{subnet.availability_zone}].",
                )


def _domain(cluster_name: str, call: Call) -> str:
    """The domain of a cluster's brokers."""
    return f"{cluster_name}.sandbox.c1.kafka.{call.region}.amazonaws.com"
