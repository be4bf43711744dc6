"""Ports whose protocols send what they carry in the clear.

Sources: the IANA service name and port number registry; Security Hub EC2.19 (ports of high risk); the ports of Amazon
MQ and Amazon MSK in their developer guides.
"""

from __future__ import annotations

from collections.abc import Mapping

from policies.library.ports import Traffic

WITHOUT_TLS: Mapping[int, str] = {
    20: "FTP data",
    21: "FTP",
    23: "Telnet",
    25: "SMTP",
    80: "HTTP",
    389: "LDAP",
    512: "rexec",
    513: "rlogin",
    514: "rsh and syslog",
    873: "rsync",
    1883: "MQTT",
    2181: "ZooKeeper",
    2375: "Docker",
    5672: "AMQP",
    8161: "the ActiveMQ console over HTTP",
    9092: "Kafka in plaintext",
    11211: "memcached",
    15672: "RabbitMQ management over HTTP",
    61613: "STOMP",
    61616: "OpenWire",
}
"""TCP ports of protocols that have no TLS, or have it on another port: 443, 636, 5671, 8883, 9094, 61617 and so on."""

TLS_OPTIONAL: Mapping[int, str] = {
    53: "DNS",
    110: "POP3",
    111: "the RPC port mapper",
    135: "RPC",
    137: "NetBIOS",
    138: "NetBIOS",
    139: "NetBIOS",
    143: "IMAP",
    161: "SNMP",
    445: "SMB",
    1433: "SQL Server",
    1434: "SQL Server Browser",
    1521: "Oracle",
    2049: "NFS",
    2382: "SQL Server Analysis",
    2383: "SQL Server Analysis",
    2483: "Oracle",
    3000: "development servers",
    3306: "MySQL",
    4333: "mSQL",
    5000: "development servers",
    5432: "PostgreSQL",
    5439: "Redshift",
    5500: "VNC",
    5601: "OpenSearch Dashboards",
    5900: "VNC",
    6379: "Redis",
    7000: "Cassandra",
    7199: "Cassandra",
    8000: "HTTP",
    8020: "HDFS",
    8080: "HTTP",
    8088: "HTTP",
    8888: "HTTP",
    9042: "Cassandra",
    9160: "Cassandra",
    9200: "OpenSearch",
    9300: "OpenSearch",
    27017: "MongoDB",
    27018: "MongoDB",
    50070: "HDFS",
}
"""TCP ports of protocols that negotiate TLS only where client or server ask for it."""

UDP_WITHOUT_TLS: Mapping[int, str] = {69: "TFTP", 161: "SNMP", 389: "LDAP", 514: "syslog", 11211: "memcached"}
"""The same for UDP."""


def without_tls(traffic: Traffic) -> tuple[str, ...]:
    """What some traffic carries that has no TLS on its port, as `tcp 23 (Telnet)`, in the order of ports."""
    found = [f"tcp {port} ({WITHOUT_TLS[port]})" for port in traffic.reached(WITHOUT_TLS)]
    return (*found, *(f"udp {port} ({UDP_WITHOUT_TLS[port]})" for port in traffic.reached(UDP_WITHOUT_TLS, "udp")))


def tls_optional(traffic: Traffic) -> tuple[str, ...]:
    """What some traffic carries that need not be TLS."""
    return tuple(f"tcp {port} ({TLS_OPTIONAL[port]})" for port in traffic.reached(TLS_OPTIONAL))


def listing(ports: tuple[str, ...]) -> str:
    """A few of the ports by name, and how many more there are."""
    shown = ", ".join(ports[:3])
    return f"{shown} and {len(ports) - 3} more" if len(ports) > 3 else shown
