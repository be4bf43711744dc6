"""The event store and its backups."""

from __future__ import annotations

from pydantic import Field

from envs.settings.base import Part
from envs.settings.servers import ServerTemplate
from envs.settings.types import Port, ScheduleExpression, SlugName


class EventStoreServer(ServerTemplate):
    """The event-store server of the private scaling group."""

    modules: tuple[SlugName, ...] = Field(
        default=("event-store",),
        min_length=1,
        description="Modules of the application that run on the server.",
    )


class Backup(Part):
    """Backups of the event store's table and bucket, beside the table's point-in-time recovery."""

    schedule: ScheduleExpression = Field(
        default="cron(0 5 * * ? *)",
        description="When a backup starts, in UTC, as a cron expression of AWS.",
    )
    retention_days: int = Field(default=35, ge=1, le=36500, description="Days that a backup is kept.")


class EventStore(Part):
    """The event store: its own servers in the private subnets, its table, its backups."""

    server: EventStoreServer = Field(default=EventStoreServer(), description="The event-store server.")
    port: Port = Field(default=2113, description="TCP port of the event store, TLS only.")
    backup: Backup = Field(default=Backup(), description="Backups of the event store.")
