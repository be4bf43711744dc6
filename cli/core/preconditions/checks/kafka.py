"""Amazon MSK still makes clusters of the release's Kafka version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok


def preconditions(subject: Subject) -> Iterator[Precondition[Mapping[str, str]]]:
    """Where there is a cluster."""
    if subject.resources("aws_msk_cluster"):
        yield Precondition(
            name="Kafka version",
            why="Amazon MSK refuses a cluster of a version that it does not have",
            actions=("kafka:ListKafkaVersions",),
            ask=_ask,
            judge=judge,
        )


def _ask(_: Subject, reads: Reads) -> Mapping[str, str]:
    answer = reads.ask("kafka", "list_kafka_versions") or {}
    return {version["Version"]: version["Status"] for version in answer.get("KafkaVersions", [])}


def judge(subject: Subject, statuses: Mapping[str, str]) -> Judgement:
    """``statuses`` are AWS's, by version."""
    wanted = subject.settings.release.kafka_version
    status = statuses.get(wanted)
    if status is None:
        known = ", ".join(version for version, status in statuses.items() if status == "ACTIVE")
        return missing(f"there is no version {wanted}", f"another release.kafka_version: {known}")
    if status != "ACTIVE":
        return missing(f"{wanted} is {status.lower()}", "plan an upgrade of release.kafka_version", is_fatal=False)
    return ok(wanted)
