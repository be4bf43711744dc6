"""One more consumer of a topic of Kafka: to a queue, to a topic of SNS, or a server that reads it."""

from __future__ import annotations

from cli.core.base.progress import ProgressReporter
from cli.core.new.addition import ACCESS, Addition, Files, as_word, documented, finish, rendered
from cli.core.new.names import environments, existing, new_name
from cli.core.new.refusals import NameTaken
from cli.core.new.servers import CALLERS
from cli.core.new.yaml_text import with_entry, with_item
from envs.settings.servers import SERVER_SUFFIX
from envs.settings.streaming import ConsumerName
from policies.access.claims.models import parse as parse_access


def new_consumer(files: Files, progress: ProgressReporter, name: str, *, topic: str, to: str) -> Addition:
    """Add a consumer to every environment. Raises `BadName`, `NameTaken`, and what `finish` raises."""
    new_name(ConsumerName, name)
    word = as_word(name)
    settings = environments(files)
    for file, environment in settings.items():
        if name in environment.streaming.consumers:
            raise NameTaken(f"{file} has the consumer {name} already")
    existing("topic", topic, among=[each.streaming.topics.names for each in settings.values()])
    targets_of_each = [{"sqs", "sns", *each.servers.readers_of_stream} for each in settings.values()]
    existing("target", to, among=targets_of_each, hint="; a server has to use the stream")
    for file in settings:
        entry = f"{name}: {{topic: {topic}, to: {to}}}\n"
        files.changed[file] = with_entry(files.read(file), ("streaming", "consumers"), entry)
    if to not in ("sqs", "sns"):
        caller = CALLERS.get(to, as_word(to.removesuffix(SERVER_SUFFIX)))
        access = parse_access(files.read(ACCESS).encode(), file=ACCESS)
        if caller in access.callers and caller not in access.groups["readers_of_stream"]:
            files.changed[ACCESS] = with_item(files.read(ACCESS), ("groups", "readers_of_stream"), caller)
    files.create(f"tests/own/test_consumer_{word}.py", rendered("test_consumer.py.j2", name=name, topic=topic, to=to))
    targets = {"sqs": "a queue of its own, with a dead-letter queue", "sns": "a topic of SNS of its own"}
    documented(files, "consumer", name, f"the topic {topic} of Kafka to {targets.get(to, f'the server {to}')}")
    written = finish(files, progress)
    first = next(iter(settings.values())).environment
    bootstrap = (f"infra bootstrap {first}",) if to in targets else ()  # the role of the pipeline learns of alarms
    return Addition(written, (f"infra check && infra test tests/own/test_consumer_{word}.py", *bootstrap))
