"""Amazon MSK: all of it, because moto's clusters have another form of ARN, never get ACTIVE and have no brokers."""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.exceptions import ServiceException

from cli.engine.sandbox.server.service import Call, Parameters, Result, Service, not_found, now

_PROVISIONED = (
    "brokerNodeGroupInfo",
    "clientAuthentication",
    "currentBrokerSoftwareInfo",
    "encryptionInfo",
    "enhancedMonitoring",
    "loggingInfo",
    "numberOfBrokerNodes",
    "openMonitoring",
    "storageMode",
    "zookeeperConnectString",
    "zookeeperConnectStringTls",
)
"""What `DescribeClusterV2` keeps in `provisioned` and `DescribeCluster` beside the rest."""


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
        arn = call.arn("kafka", f"configuration/{given['name']}/{uuid.uuid4()}-1")
        self.configurations[arn] = {
            "arn": arn,
            "creationTime": now(),
            "description": given.get("description", ""),
            "kafkaVersions": given.get("kafkaVersions", []),
            "name": given["name"],
            "state": "ACTIVE",
        }
        return self._revise(arn, given)

    def update_configuration(self, call: Call, given: Parameters) -> Result:
        """Keep the next revision."""
        self._configuration(given["arn"])
        return self._revise(given["arn"], given)

    def describe_configuration(self, call: Call, given: Parameters) -> Result:
        """A configuration with its latest revision."""
        return self._configuration(given["arn"])

    def describe_configuration_revision(self, call: Call, given: Parameters) -> Result:
        """A revision with its properties."""
        configuration = self._configuration(given["arn"])
        revision = int(given["revision"])
        return {
            "arn": given["arn"],
            "creationTime": configuration["creationTime"],
            "description": configuration["description"],
            "revision": revision,
            "serverProperties": self.properties[given["arn"], revision],
        }

    def delete_configuration(self, call: Call, given: Parameters) -> Result:
        """Forget a configuration."""
        self._configuration(given["arn"])
        del self.configurations[given["arn"]]
        return {"arn": given["arn"], "state": "DELETING"}

    # Clusters

    def create_cluster(self, call: Call, given: Parameters) -> Result:
        """Keep a cluster, with what AWS adds: how its brokers are spread, no public access, ZooKeeper's address."""
        name = given["clusterName"]
        if any(cluster["clusterName"] == name for cluster in self.clusters.values()):
            raise ServiceException("ConflictException", f"A resource with cluster name {name} already exists")
        arn = call.arn("kafka", f"cluster/{name}/{uuid.uuid4()}-1")
        configuration = given.get("configurationInfo", {})
        connectivity = {"publicAccess": {"type": "DISABLED"}} | given["brokerNodeGroupInfo"].get("connectivityInfo", {})
        self.clusters[arn] = {
            **{key: value for key, value in given.items() if key not in ("configurationInfo", "kafkaVersion", "tags")},
            "brokerNodeGroupInfo": {
                "brokerAZDistribution": "DEFAULT",
                **given["brokerNodeGroupInfo"],
                "connectivityInfo": connectivity,
            },
            "clusterArn": arn,
            "creationTime": now(),
            "currentBrokerSoftwareInfo": {
                "kafkaVersion": given["kafkaVersion"],
                "configurationArn": configuration.get("arn"),
                "configurationRevision": configuration.get("revision"),
            },
            "currentVersion": "K1",
            "state": "ACTIVE",
            "storageMode": given.get("storageMode", "LOCAL"),
            "zookeeperConnectString": f"z-1.{_domain(name, call)}:2181",
            "zookeeperConnectStringTls": f"z-1.{_domain(name, call)}:2182",
        }
        self.tags[arn] = dict(given.get("tags", {}))
        return {"clusterArn": arn, "clusterName": name, "state": "CREATING"}

    def describe_cluster(self, call: Call, given: Parameters) -> Result:
        """A cluster, as the first version of the API says it."""
        cluster = self._cluster(given["clusterArn"])
        return {"clusterInfo": {**cluster, "tags": self.tags[cluster["clusterArn"]]}}

    def describe_cluster_v2(self, call: Call, given: Parameters) -> Result:
        """A cluster, as the second version of the API says it."""
        cluster = self._cluster(given["clusterArn"])
        return {
            "clusterInfo": {
                **{
                    key: cluster[key]
                    for key in ("clusterArn", "clusterName", "creationTime", "currentVersion", "state")
                },
                "clusterType": "PROVISIONED",
                "provisioned": {key: cluster[key] for key in _PROVISIONED if key in cluster},
                "tags": self.tags[cluster["clusterArn"]],
            }
        }

    def get_bootstrap_brokers(self, call: Call, given: Parameters) -> Result:
        """The brokers' addresses for IAM authentication, in the VPC and over AWS PrivateLink."""
        cluster = self._cluster(given["clusterArn"])
        names = [
            f"b-{number + 1}.{_domain(cluster['clusterName'], call)}"
            for number in range(cluster["numberOfBrokerNodes"])
        ]
        return {
            "bootstrapBrokerStringSaslIam": ",".join(f"{name}:9098" for name in names),
            "bootstrapBrokerStringVpcConnectivitySaslIam": ",".join(f"{name}:14001" for name in names),
        }

    def update_connectivity(self, call: Call, given: Parameters) -> Result:
        """Change public access and AWS PrivateLink."""
        cluster = self._cluster(given["clusterArn"])
        cluster["brokerNodeGroupInfo"]["connectivityInfo"] |= given["connectivityInfo"]
        return self._changed(call, cluster)

    def update_broker_count(self, call: Call, given: Parameters) -> Result:
        """Change the number of brokers."""
        cluster = self._cluster(given["clusterArn"])
        cluster["numberOfBrokerNodes"] = given["targetNumberOfBrokerNodes"]
        return self._changed(call, cluster)

    def update_broker_type(self, call: Call, given: Parameters) -> Result:
        """Change the brokers' instance type."""
        cluster = self._cluster(given["clusterArn"])
        cluster["brokerNodeGroupInfo"]["instanceType"] = given["targetInstanceType"]
        return self._changed(call, cluster)

    def update_broker_storage(self, call: Call, given: Parameters) -> Result:
        """Change the size of the brokers' volumes."""
        cluster = self._cluster(given["clusterArn"])
        (volume,) = given["targetBrokerEBSVolumeInfo"]
        cluster["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]["volumeSize"] = volume["volumeSizeGB"]
        return self._changed(call, cluster)

    def update_cluster_configuration(self, call: Call, given: Parameters) -> Result:
        """Use another configuration, or another revision."""
        cluster = self._cluster(given["clusterArn"])
        cluster["currentBrokerSoftwareInfo"] |= {
            "configurationArn": given["configurationInfo"]["arn"],
            "configurationRevision": given["configurationInfo"]["revision"],
        }
        return self._changed(call, cluster)

    def update_cluster_kafka_version(self, call: Call, given: Parameters) -> Result:
        """Use another version of Kafka."""
        cluster = self._cluster(given["clusterArn"])
        cluster["currentBrokerSoftwareInfo"]["kafkaVersion"] = given["targetKafkaVersion"]
        return self._changed(call, cluster)

    def update_monitoring(self, call: Call, given: Parameters) -> Result:
        """Change monitoring and logging."""
        cluster = self._cluster(given["clusterArn"])
        cluster |= {key: given[key] for key in ("enhancedMonitoring", "loggingInfo", "openMonitoring") if key in given}
        return self._changed(call, cluster)

    def describe_cluster_operation(self, call: Call, given: Parameters) -> Result:
        """Every change of a cluster is complete."""
        return {
            "clusterOperationInfo": {
                "operationArn": given["clusterOperationArn"],
                "operationState": "UPDATE_COMPLETE",
            }
        }

    def delete_cluster(self, call: Call, given: Parameters) -> Result:
        """Forget a cluster."""
        self._cluster(given["clusterArn"])
        del self.clusters[given["clusterArn"]]
        return {"clusterArn": given["clusterArn"], "state": "DELETING"}

    # Policies and tags

    def put_cluster_policy(self, call: Call, given: Parameters) -> Result:
        """Keep the policy of a cluster."""
        self._cluster(given["clusterArn"])
        self.policies[given["clusterArn"]] = given["policy"]
        return {"currentVersion": "K1"}

    def get_cluster_policy(self, call: Call, given: Parameters) -> Result:
        """The policy of a cluster."""
        if given["clusterArn"] not in self.policies:
            raise not_found("The cluster policy", "NotFoundException")
        return {"currentVersion": "K1", "policy": self.policies[given["clusterArn"]]}

    def delete_cluster_policy(self, call: Call, given: Parameters) -> Result:
        """Forget the policy of a cluster."""
        self.policies.pop(given["clusterArn"], None)
        return {}

    def list_tags_for_resource(self, call: Call, given: Parameters) -> Result:
        """The tags of a cluster."""
        return {"tags": self.tags.get(given["resourceArn"], {})}

    def tag_resource(self, call: Call, given: Parameters) -> Result:
        """Add tags to a cluster."""
        self.tags.setdefault(given["resourceArn"], {}).update(given["tags"])
        return {}

    def untag_resource(self, call: Call, given: Parameters) -> Result:
        """Remove tags of a cluster."""
        for key in given["tagKeys"]:
            self.tags.get(given["resourceArn"], {}).pop(key, None)
        return {}

    def _configuration(self, arn: str) -> dict[str, Any]:
        if arn not in self.configurations:
            raise not_found("The configuration ARN", "NotFoundException")
        return self.configurations[arn]

    def _revise(self, arn: str, given: Parameters) -> Result:
        """Keep a revision of a configuration; it becomes the latest."""
        configuration = self.configurations[arn]
        last = configuration.get("latestRevision", {"revision": 0})["revision"]
        description = given.get("description", "")
        configuration |= {
            "description": description,
            "latestRevision": {"creationTime": now(), "description": description, "revision": last + 1},
        }
        self.properties[arn, last + 1] = given["serverProperties"]
        return configuration

    def _cluster(self, arn: str) -> dict[str, Any]:
        if arn not in self.clusters:
            raise not_found(f"The cluster {arn}", "NotFoundException")
        return self.clusters[arn]

    def _changed(self, call: Call, cluster: dict[str, Any]) -> Result:
        """A change that was made: a new version, and the operation that can be asked about."""
        cluster["currentVersion"] = f"K{int(cluster['currentVersion'][1:]) + 1}"
        operation = call.arn("kafka", f"cluster-operation/{cluster['clusterName']}/{uuid.uuid4()}")
        return {"clusterArn": cluster["clusterArn"], "clusterOperationArn": operation}


def _domain(cluster_name: str, call: Call) -> str:
    """The domain of a cluster's brokers."""
    return f"{cluster_name}.sandbox.c1.kafka.{call.region}.amazonaws.com"
