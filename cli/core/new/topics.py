"""One more topic of Kafka, which every server that uses the stream may write."""

from __future__ import annotations

from cli.core.base.progress import ProgressReporter
from cli.core.new.addition import Addition, Files, as_word, documented, finish, rendered
from cli.core.new.names import environments, new_name
from cli.core.new.refusals import NameTaken
from cli.core.new.yaml_text import with_item
from envs.settings.streaming import KafkaTopicName


def new_topic(files: Files, progress: ProgressReporter, name: str) -> Addition:
    """Add a topic to every environment. Raises `BadName`, `NameTaken`, and what `finish` raises."""
    new_name(KafkaTopicName, name)
    for file, environment in environments(files).items():
        if name in environment.streaming.topics.names:
            raise NameTaken(f"{file} has the topic {name} already")
        files.changed[file] = with_item(files.read(file), ("streaming", "topics", "further"), name)
    word = as_word(name)
    files.create(f"tests/own/test_topic_{word}.py", rendered("test_topic.py.j2", name=name))
    documented(files, "topic", name, "a topic of Kafka; servers that use the stream write it")
    return Addition(
        finish(files, progress),
        (
            f"infra check && infra test tests/own/test_topic_{word}.py",
            f"infra new consumer NAME --topic {name} --to sqs",
        ),
    )
