"""Policy documents."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.common.policy import Statement, deny_insecure_transport, document, trust

READ = Statement(sid="Read", actions=["s3:GetObject"], resources=["arn:aws:s3:::b/*"])
WRITE = Statement(sid="Write", actions=["s3:PutObject"], resources=["arn:aws:s3:::b/*"])

words = st.lists(st.from_regex(r"[a-z]{1,3}:[A-Z0-9]{1,4}\*?", fullmatch=True), min_size=1, max_size=6)


def test_document_is_of_the_current_policy_language():
    assert json.loads(document([READ]))["Version"] == "2012-10-17"


def test_document_keeps_the_order_of_its_statements():
    statements = json.loads(document([WRITE, READ]))["Statement"]
    assert [statement["Sid"] for statement in statements] == ["Write", "Read"]


def test_document_without_statements_is_refused():
    with pytest.raises(ValueError, match=r"distinct sids, got \[\]"):
        document([])


def test_statements_with_one_sid_are_refused():
    with pytest.raises(ValueError, match=r"distinct sids, got \['Read', 'Read'\]"):
        document([READ, READ])


def test_statement_allows_by_default():
    assert READ.to_dict()["Effect"] == "Allow"


def test_an_identity_policy_has_neither_principal_nor_condition():
    assert READ.to_dict() == {
        "Sid": "Read",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::b/*"],
    }


def test_anybody_is_a_principal():
    statement = Statement(sid="X", effect="Deny", principals="*", actions=["s3:*"], resources=["*"])
    assert statement.to_dict()["Principal"] == "*"


def test_principals_are_lists_by_type():
    statement = Statement(
        sid="X", principals={"Service": ["b.aws", "a.aws"], "AWS": ["1"]}, actions=["s:X"], resources=[]
    )
    assert statement.to_dict()["Principal"] == {"Service": ["a.aws", "b.aws"], "AWS": ["1"]}


def test_condition_values_are_kept_as_text_or_list():
    conditions = {"StringEquals": {"aws:SourceAccount": "1", "aws:PrincipalTag/x": ["b", "a"]}}
    statement = Statement(sid="X", actions=["s:X"], resources=["*"], conditions=conditions)
    assert statement.to_dict()["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "1", "aws:PrincipalTag/x": ["a", "b"]}
    }


@given(words, words, st.randoms())
def test_order_of_actions_and_resources_does_not_count(actions, resources, chance: random.Random):
    one = Statement(sid="X", actions=actions, resources=resources)
    other = Statement(
        sid="X", actions=chance.sample(actions, len(actions)), resources=chance.sample(resources, len(resources))
    )
    assert document([one]) == document([other])


@given(words)
def test_nothing_is_lost_by_ordering(actions):
    found = Statement(sid="X", actions=actions, resources=["*"]).to_dict()["Action"]
    assert isinstance(found, list)
    assert sorted(found) == sorted(actions)


def test_references_are_ordered_by_their_numbers():
    resources = ["${TfToken[TOKEN.10]}", "${TfToken[TOKEN.9]}"]
    found = Statement(sid="X", actions=["s:X"], resources=resources).to_dict()["Resource"]
    assert found == ["${TfToken[TOKEN.9]}", "${TfToken[TOKEN.10]}"]


def test_trust_lets_the_service_assume_the_role():
    [statement] = json.loads(trust("ec2.amazonaws.com"))["Statement"]
    assert statement == {
        "Sid": "AssumedByService",
        "Effect": "Allow",
        "Action": ["sts:AssumeRole"],
        "Principal": {"Service": ["ec2.amazonaws.com"]},
    }


def test_trust_can_be_limited_to_an_account():
    [statement] = json.loads(trust("pipes.amazonaws.com", source_account="111111111111"))["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}


def test_insecure_transport_is_denied_to_everybody():
    statement = deny_insecure_transport(actions=["s3:*"], resources=["arn:aws:s3:::b"]).to_dict()
    assert statement == {
        "Sid": "DenyInsecureTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": ["arn:aws:s3:::b"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
