"""Measures what it takes to say who may do what to which data, as a configuration grows.

    .venv/bin/python -m benchmarks.access [--runs 3]

Writes Terraform with more and more systems of the size of prod: roles with policies of their own, buckets, tables,
topics, queues, secrets and keys with theirs. Measures, in one process, to read the model from it, to cut the space of
requests into atoms, to decide the table of every caller, thing and action, and to find what callers can become.
"""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.reach import load_one, seconds
from cli.core.access.further import paths
from cli.core.access.world import World
from policies.access.answers import AccessAnswer
from policies.access.decision import Decisions
from policies.access.model import AccessModel, Caller, Position
from policies.access.read import read

SYSTEMS = (1, 10, 40)
PARTS = 8
"""Of each kind in a system: 8 roles and 48 things, as prod has about 16 and 53."""

ACTIONS = {
    "aws_dynamodb_table": ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteTable"),
    "aws_kms_key": ("kms:Decrypt", "kms:Encrypt", "kms:PutKeyPolicy"),
    "aws_s3_bucket": ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:PutBucketPolicy"),
    "aws_secretsmanager_secret": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
    "aws_sns_topic": ("sns:Publish", "sns:Subscribe"),
    "aws_sqs_queue": ("sqs:SendMessage", "sqs:ReceiveMessage"),
}

PART = """
resource "aws_iam_role" "{name}" {{
  name               = "{name}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "ec2.amazonaws.com" }} }}]
  }})
}}
resource "aws_kms_key" "{name}" {{
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = {{ AWS = "111111111111" }} }},
      {{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = {{ AWS = aws_iam_role.{name}.arn }} }},
    ]
  }})
}}
resource "aws_s3_bucket" "{name}" {{
  bucket = "{name}"
}}
resource "aws_s3_bucket_policy" "{name}" {{
  bucket = aws_s3_bucket.{name}.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{
      Effect    = "Deny"
      Action    = "s3:*"
      Principal = "*"
      Resource  = [aws_s3_bucket.{name}.arn, "${{aws_s3_bucket.{name}.arn}}/*"]
      Condition = {{ Bool = {{ "aws:SecureTransport" = "false" }} }}
    }}]
  }})
}}
resource "aws_dynamodb_table" "{name}" {{
  name     = "{name}"
  hash_key = "id"
  attribute {{
    name = "id"
    type = "S"
  }}
  server_side_encryption {{
    enabled     = true
    kms_key_arn = aws_kms_key.{name}.arn
  }}
}}
resource "aws_sns_topic" "{name}" {{
  name = "{name}"
}}
resource "aws_sns_topic_policy" "{name}" {{
  arn    = aws_sns_topic.{name}.arn
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.{name}.arn
      Principal = {{ AWS = aws_iam_role.{name}.arn }}
    }}]
  }})
}}
resource "aws_sqs_queue" "{name}" {{
  name = "{name}"
}}
resource "aws_secretsmanager_secret" "{name}" {{
  name = "{name}"
}}
resource "aws_iam_role_policy" "{name}" {{
  role   = aws_iam_role.{name}.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "${{aws_s3_bucket.{name}.arn}}/*" }},
      {{ Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.{name}.arn }},
      {{ Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:Query"], Resource = aws_dynamodb_table.{name}.arn }},
      {{ Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.{name}.arn }},
      {{ Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.{name}.arn }},
      {{ Effect = "Allow", Action = "secretsmanager:Get*", Resource = aws_secretsmanager_secret.{name}.arn }},
      {{
        Effect    = "Deny"
        Action    = "*"
        Resource  = "*"
        Condition = {{ StringNotEquals = {{ "aws:RequestedRegion" = "us-east-1" }} }}
      }},
    ]
  }})
}}
"""
PROVIDER = """
provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["111111111111"]
}
"""


def estate(systems: int) -> str:
    """Terraform with so many systems."""
    names = (f"system-{system}-{part}" for system in range(systems) for part in range(PARTS))
    return PROVIDER + "".join(PART.format(name=name) for name in names)


def decided(model: AccessModel) -> Decisions:
    """What decides requests of everybody, from anywhere."""
    callers = [Caller(each, (Position("anywhere"),)) for each in model.principals.values()]
    return Decisions(model, callers, [action for actions in ACTIONS.values() for action in actions])


def table(decisions: Decisions) -> list[AccessAnswer]:
    """Everything that is allowed."""
    callers = [Caller(each, (Position("anywhere"),)) for each in decisions.model.principals.values()]
    things = decisions.model.things.values()
    return list(decisions.answers(callers, {each.key: ACTIONS[each.type] for each in things if each.type in ACTIONS}))


def decided_table(model: AccessModel) -> list[AccessAnswer]:
    """Everything that is allowed, of a model about which nothing was worked out before."""
    return table(decided(model))


def escalated(model: AccessModel) -> int:
    """How many get how many others' permissions, of a model about which nothing was worked out before."""
    world = World(model, tuple(Caller(each, (Position("anywhere"),)) for each in model.principals.values()))
    return sum(len(paths(world, caller)) for caller in world.callers)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="Measure what it takes to say who may do what to which data.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each step (default: 3)")
    runs = parser.parse_args().runs
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, processor time, medians of {runs} runs\n")
    titles = ("systems", "statements", "callers", "things", "answers yes", "read", "atoms", "table", "further steps")
    print(f"| {' | '.join((*titles, 'all, to one system'))} |\n|{'---|' * (len(titles) + 1)}")
    first = 0.0
    for systems in SYSTEMS:
        with TemporaryDirectory() as directory:
            Path(directory, "main.tf").write_text(estate(systems))
            configuration = load_one(Path(directory))
        reading, model = seconds(runs, partial(read, configuration), process_time)
        first or escalated(model)  # loads the table of actions
        cutting, _ = seconds(runs, partial(decided, model), process_time)
        working, found = seconds(runs, partial(decided_table, model), process_time)
        climbing, _ = seconds(runs, partial(escalated, model), process_time)
        policies = [policy for each in model.principals.values() for policy in each.identity]
        policies += [policy for each in model.things.values() for policy in each.policies]
        spent = (reading, cutting, working - cutting, climbing)
        first = first or sum(spent)
        print(
            f"| {systems} | {sum(len(each.statements) for each in policies)} | {len(model.principals)} "
            f"| {len(model.things)} | {len(found)} | {' | '.join(f'{each * 1000:.0f} ms' for each in spent)} "
            f"| {sum(spent) / first:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
