"""What is promised of stand-ins: they are known by the value that they were made of, and by nothing else."""

import base64

import pytest

import pulumi_mesh  # noqa: F401 - registers the kinds
from pulumi_mesh.reconcile.diff import diff
from pulumi_mesh.reconcile.echo import echo
from pulumi_mesh.reconcile.standin import alike, resolved, stand_in, stands_for
from pulumi_mesh.schema.check import judge
from pulumi_mesh.schema.document import Document
from pulumi_mesh.schema.kind import KINDS

DATA = base64.b64encode(b"hunter2").decode()
OTHER = base64.b64encode(b"hunter3").decode()
SECRET = KINDS["Secret"]


def secret(data: str) -> Document:
    return Document.desired(SECRET, {"name": "s", "mesh": "shop", "data": data})


@pytest.mark.parametrize(("value", "as_bytes"), [(DATA, True), ("hunter2", False), ("", True), ("", False)])
def test_a_stand_in_stands_for_its_value_alone_and_does_not_show_it(value: str, as_bytes: bool):
    made = stand_in(value, "Secret/shop/s: data", as_bytes=as_bytes)
    assert stands_for(made, value)
    assert not stands_for(made, OTHER)
    assert not stands_for(value, made)
    assert not value or value not in made
    assert made == stand_in(value, "Secret/shop/s: data", as_bytes=as_bytes)
    assert made != stand_in(value, "Secret/shop/other: data", as_bytes=as_bytes)


def test_one_that_stands_for_bytes_is_taken_where_bytes_are():
    made = stand_in(DATA, "x", as_bytes=True)
    assert judge(SECRET, {"name": "s", "mesh": "shop", "data": made}) == []
    assert stands_for(made, f"{DATA[:4]}\n{DATA[4:]}")  # line breaks mean nothing
    assert not stands_for(made, "no base64")


def test_it_is_found_at_any_depth_and_only_in_its_own_place():
    made = stand_in("a", "x", as_bytes=False)
    assert alike({"k": [{"v": made}, "b"]}, {"k": [{"v": "a"}, "b"]})
    assert alike({"k": [{"v": "a"}]}, {"k": [{"v": made}]})
    assert not alike({"k": ["b", made]}, {"k": ["a", "b"]})
    assert resolved({"v": made, "w": made}, {"v": "a", "w": "b"}) == {"v": "a", "w": made}


def test_documents_do_not_differ_by_it_and_differ_where_the_value_does():
    made = secret(stand_in(DATA, "x", as_bytes=True))
    assert diff(SECRET, made, secret(DATA)) == ()
    assert diff(SECRET, secret(DATA), made) == ()
    (change,) = diff(SECRET, secret(OTHER), made)
    assert (change.path, change.op) == ("data", "change")
    assert OTHER not in str(change)


def test_what_is_read_is_said_as_the_stand_in_while_it_is_the_same():
    said = {"name": "s", "mesh": "shop", "data": stand_in(DATA, "x", as_bytes=True)}
    assert echo(SECRET, said, secret(DATA)) == said
    assert echo(SECRET, said, secret(OTHER))["data"] == OTHER
