"""What differs between the two engines of Amazon MQ: pure.

Ports are those of the TLS endpoints (Amazon MQ developer guide, "Amazon MQ endpoints"); neither engine offers a
plaintext one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SERVERS_GROUP = "servers"
"""The group of ActiveMQ that the servers' user is in, and that the authorization map knows."""

AMQPS_PORT = 5671
OPENWIRE_TLS_PORT = 61617

# consumer_timeout, in milliseconds: a message not acknowledged after 30 minutes goes back to its queue (Amazon MQ
# developer guide, "Configurable values for RabbitMQ"). The other line adds security headers to the web console.
_RABBITMQ_CONFIGURATION = """\
consumer_timeout = 1800000
secure.management.http.headers.enabled = true
"""
# Without an authorization map every user may do everything (Amazon MQ developer guide, "authorizationEntry").
_ACTIVEMQ_CONFIGURATION = f"""\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<broker xmlns="http://activemq.apache.org/schema/core">
  <plugins>
    <authorizationPlugin>
      <map>
        <authorizationMap>
          <authorizationEntries>
            <authorizationEntry admin="{SERVERS_GROUP}" queue="&gt;" read="{SERVERS_GROUP}" write="{SERVERS_GROUP}"/>
            <authorizationEntry admin="{SERVERS_GROUP}" read="{SERVERS_GROUP}" topic="&gt;" write="{SERVERS_GROUP}"/>
          </authorizationEntries>
        </authorizationMap>
      </map>
    </authorizationPlugin>
  </plugins>
</broker>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One engine. `type` is the API's name of it, `logs` are the last parts of its log groups' names.

    `scheme` and `port` are those of the endpoint that servers connect to; a broker has others besides.

    `updates_users` says whether Amazon MQ can change a user once the broker is made; RabbitMQ only does so itself.
    """

    type: str
    scheme: str
    port: int
    logs: tuple[str, ...]
    configuration: str
    has_audit_log: bool
    has_groups: bool
    updates_users: bool


ENGINES: Mapping[str, Engine] = {
    "rabbitmq": Engine(
        type="RabbitMQ",
        scheme="amqps",
        port=AMQPS_PORT,
        logs=("channel", "connection", "general"),
        configuration=_RABBITMQ_CONFIGURATION,
        has_audit_log=False,
        has_groups=False,
        updates_users=False,
    ),
    "activemq": Engine(
        type="ActiveMQ",
        scheme="ssl",
        port=OPENWIRE_TLS_PORT,
        logs=("audit", "general"),
        configuration=_ACTIVEMQ_CONFIGURATION,
        has_audit_log=True,
        has_groups=True,
        updates_users=True,
    ),
}
