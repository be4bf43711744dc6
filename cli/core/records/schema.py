"""The JSON Schema of records, from their models."""

from __future__ import annotations

import json

from cli.core.base.files import write_whole
from cli.core.base.project import ROOT
from cli.core.records.model import ANY_RECORD

PATH = ROOT / "docs" / "records.schema.json"
"""The schema in the repository."""


def render() -> str:
    """The JSON Schema of a record's file, version 2."""
    data = ANY_RECORD.json_schema(ref_template="#/$defs/{model}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record, version 2",
        "type": "object",
        "properties": {
            "sequence": {"type": "integer", "minimum": 1, "description": "One more than the highest of the parents."},
            "parents": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Digests of the records that this one follows; none for the first.",
            },
            "previous": {
                "type": "string",
                "description": "In place of parents, in files NNNNNN.json: the digest of the record before, or empty.",
            },
            "data": {name: value for name, value in data.items() if name != "$defs"},
            "digest": {"type": "string", "description": "SHA-256 of the rest as canonical JSON."},
        },
        "required": ["sequence", "data", "digest"],
        "oneOf": [{"required": ["parents"]}, {"required": ["previous"]}],
        "additionalProperties": False,
        "$defs": data["$defs"],
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write the schema to the repository, whole or not at all."""
    write_whole(PATH, render().encode())
