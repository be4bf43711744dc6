"""One more external system, and the HTTPS way to or from it."""

from __future__ import annotations

from collections.abc import Sequence

from cli.core.base.progress import ProgressReporter
from cli.core.new.addition import Addition, Files, as_word, documented, finish, rendered, texts
from cli.core.new.names import checked, environments, new_name
from cli.core.new.refusals import BadName, NameTaken
from cli.core.new.yaml_text import with_item
from envs.settings.channels import ChannelName
from envs.settings.types import DomainPattern


def new_channel(
    files: Files, progress: ProgressReporter, name: str, *, direction: str, domains: Sequence[str]
) -> Addition:
    """Add a channel to every environment. Raises `BadName`, `NameTaken`, and what `finish` raises."""
    new_name(ChannelName, name)
    for domain in domains:
        checked(DomainPattern, domain, "domain")
    if (direction == "outbound") is not bool(domains):
        received = " ".join(f"--domain {domain}" for domain in domains) or "no --domain"
        allowed = "one --domain or more" if direction == "outbound" else f"no --domain where it is {direction}"
        raise BadName(f"received {received}; allowed: {allowed}")
    for file, environment in environments(files).items():
        if name in [channel.name for channel in environment.channels]:
            raise NameTaken(f"{file} has the channel {name} already")
        entry = texts({"name": name, "direction": direction, **({"domains": domains} if domains else {})})
        files.changed[file] = with_item(files.read(file), ("channels",), entry)
    word = as_word(name)
    files.create(
        f"tests/own/test_channel_{word}.py",
        rendered("test_channel.py.j2", name=name, direction=direction, domains=list(domains)),
    )
    documented(files, "channel", name, direction + (f", {', '.join(domains)}" if domains else ""))
    return Addition(finish(files, progress), (f"infra check && infra test tests/own/test_channel_{word}.py",))
