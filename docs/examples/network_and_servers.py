"""The network and one group of servers of this toolkit, in a cdktf application of one's own.

Run it where the package is installed: `python network_and_servers.py` writes cdktf.out/stacks/shop/cdk.tf.json.
"""

from modules.network.network import Network  # before cdktf, which would start another Node than the package brings

# isort: split
from cdktf import App, TerraformStack

from envs.settings.keys import Keys as KeySettings
from envs.settings.network import Network as NetworkSettings
from envs.settings.release import Release
from envs.settings.servers import Servers
from envs.settings.servers import ServerTemplate as ServerSettings
from modules.common.context import Context
from modules.common.keys import Keys
from modules.common.names import Names
from modules.common.provider import add_provider
from modules.network.security_group import SecurityGroup
from modules.servers.image import image_id
from modules.servers.server_template import ServerPlatform, ServerTemplate

app = App()
stack = TerraformStack(app, "shop")
names = Names(project="shop", environment="test", account_id="111122223333", region="us-east-1")
add_provider(stack, names)

context = Context(
    names=names,
    keys=Keys(stack, "keys", names=names, settings=KeySettings(), stateful_protection=False),
    stateful_protection=False,
)
servers = Servers()
network = Network(
    stack,
    "network",
    context=context,
    settings=NetworkSettings(zones=("us-east-1a", "us-east-1b")),
    server_port=servers.port,
    domain_name="shop.example",
    allowed_domains=(),
)

group = SecurityGroup(stack, "workers-group", names=names, name="worker", description="Workers", vpc_id=network.vpc_id)
network.connect_to_aws(group)
release = Release(
    ami="ami-0123456789abcdef0", application_version="1.0.0", broker_engine_version="3.13", kafka_version="3.8.x"
)
ServerTemplate(
    stack,
    "worker",
    platform=ServerPlatform(
        context=context, network=network, release=release, image_id=image_id(stack, release), servers=servers
    ),
    name="worker",
    settings=ServerSettings(modules=("worker",), min_size=2, max_size=4),
    port=servers.port,
    tier="private",
    security_group=group,
)
app.synth()
