"""The event store: its servers, its table and its backups."""
