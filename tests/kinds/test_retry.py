"""What is promised of Retry beyond its examples and the recorded answers."""

from typing import Any

import pytest

import pulumi_mesh  # noqa: F401 - fills the registry
from pulumi_mesh.reconcile.plan import Nothing, plan
from pulumi_mesh.schema.check import judge_wire
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS
from tests.kinds.documents import through_props

KIND = KINDS["Retry"]
ALL = [{"match": {"kuma.io/service": "*"}}]
POSITIVE = "has to be greater than 0"
DEFINED = f"{POSITIVE} when defined"


def document(**conf: Any) -> dict[str, Any]:
    return {"type": "Retry", "name": "r", "mesh": "m", "sources": ALL, "destinations": ALL, "conf": conf}


def test_numbers_of_an_enum_in_a_list_stand_for_their_names():
    numbers = document(http={"retryOn": [0, 2], "retriableMethods": [3]}, grpc={"retryOn": [0]})
    names = document(
        http={"retryOn": ["all_5xx", "reset"], "retriableMethods": ["GET"]}, grpc={"retryOn": ["cancelled"]}
    )
    assert judge_wire(KIND, numbers) == []
    assert through_props(KIND, numbers).sent() == names
    assert isinstance(plan(KIND, Document.found(KIND, names), through_props(KIND, numbers)), Nothing)


@pytest.mark.parametrize(
    ("conf", "path", "message"),
    [
        ({}, "conf", "missing protocol [grpc|http|tcp] configuration"),
        ({"tcp": {}}, "conf.tcp.maxConnectAttempts", POSITIVE),
        ({"tcp": {"maxConnectAttempts": 0}}, "conf.tcp.maxConnectAttempts", POSITIVE),
        ({"http": {}}, "conf.http", "field cannot be empty"),
        ({"grpc": {"retryOn": []}}, "conf.grpc", "field cannot be empty"),
        ({"grpc": {"numRetries": 0}}, "conf.grpc.numRetries", DEFINED),
        ({"http": {"perTryTimeout": "0s"}}, "conf.http.perTryTimeout", DEFINED),
        ({"http": {"backOff": {"baseInterval": "0s"}}}, "conf.http.backOff.baseInterval", POSITIVE),
        (
            {"http": {"backOff": {"baseInterval": "1s", "maxInterval": "0s"}}},
            "conf.http.backOff.maxInterval",
            DEFINED,
        ),
        ({"http": {"retriableMethods": ["GET", "NONE"]}}, "conf.http.retriableMethods[1]", "field cannot be empty"),
        (
            {"http": {"retryOn": ["reset", "retriable_status_codes"]}},
            "conf.http.retryOn[1]",
            "retriableStatusCodes cannot be empty when this option is specified",
        ),
        (
            {"grpc": {"retryOn": ["internal", "cancelled", 2]}},
            "conf.grpc.retryOn",
            'repeated value "internal" at indexes [0, 2]',
        ),
    ],
)
def test_what_the_control_plane_refuses_is_refused_in_its_words(conf: dict[str, Any], path: str, message: str):
    assert (path, message) in [tuple(violation) for violation in judge_wire(KIND, document(**conf))]
