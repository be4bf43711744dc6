"""What the brokers are made of and how they behave, from the settings."""

from cdktf_cdktf_provider_aws.msk_cluster import (
    MskClusterBrokerNodeGroupInfoConnectivityInfo,
    MskClusterBrokerNodeGroupInfoConnectivityInfoPublicAccess,
    MskClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivity,
    MskClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityClientAuthentication,
    MskClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityClientAuthenticationSasl,
    MskClusterBrokerNodeGroupInfoStorageInfo,
    MskClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfo,
)

from envs.settings.streaming import Cluster as ClusterSettings

DEFAULT_PARTITIONS = 6  # consumers that can share one topic; raising it later changes new topics only


def server_properties(settings: ClusterSettings) -> str:
    """Return the brokers' configuration.

    One copy of every message per zone; a write counts when all zones but one have it, so that a zone may fail or be
    patched (with two zones: one copy). Express brokers keep three copies whatever is asked, and refuse the question
    (Amazon MSK developer guide, "Express brokers read-only configurations").
    """
    properties = {"auto.create.topics.enable": "true", "num.partitions": str(DEFAULT_PARTITIONS)}
    if not settings.is_express:
        properties |= {
            "default.replication.factor": str(settings.zones),
            "min.insync.replicas": str(settings.zones - 1),
            "unclean.leader.election.enable": "false",
        }
    return "".join(f"{key}={value}\n" for key, value in sorted(properties.items()))


def storage_info(settings: ClusterSettings) -> MskClusterBrokerNodeGroupInfoStorageInfo | None:
    """Return the volumes of the brokers; None for Express brokers, which have none."""
    if settings.volume_gib is None:
        return None
    return MskClusterBrokerNodeGroupInfoStorageInfo(
        ebs_storage_info=MskClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfo(volume_size=settings.volume_gib)
    )


def connectivity_info() -> MskClusterBrokerNodeGroupInfoConnectivityInfo:
    """Return how else brokers are reached: never from the internet; privately, with IAM, by Firehose."""
    return MskClusterBrokerNodeGroupInfoConnectivityInfo(
        public_access=MskClusterBrokerNodeGroupInfoConnectivityInfoPublicAccess(type="DISABLED"),
        vpc_connectivity=MskClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivity(
            client_authentication=(
                MskClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityClientAuthentication(
                    sasl=MskClusterBrokerNodeGroupInfoConnectivityInfoVpcConnectivityClientAuthenticationSasl(
                        iam=True, scram=False
                    ),
                    tls=False,
                )
            )
        ),
    )
