"""A program judged as a whole: what its Outputs will be is known as far as the program has said it."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

import pulumi_mesh as mesh
from pulumi_mesh.provider.foretold import foretell, told
from pulumi_mesh.provider.program import Broken, Declared, Outside, Program, watch
from pulumi_mesh.schema.finding import IGNORE
from pulumi_mesh.schema.kind import KINDS

EDGE = [{"match": {"kuma.io/service": "edge"}}]
TLS = {"port": 443, "protocol": "TLS"}


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings of the program."""
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: said.append(text))
    return said


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The config of the stack."""
    said: dict[str, str] = {}
    monkeypatch.setattr(pulumi.Config, "get", lambda _, key: said.get(key))
    return said


def declare(program: Program, kind: str, said: Mapping[str, Any], line: str = "__main__.py:7") -> Declared:
    resource: Any = None
    one = Declared(resource, {"mesh": "shop", **said}, line, KINDS.get(kind))
    program.declared.append(one)
    return one


def gateway(program: Program, *listeners: Mapping[str, Any], **said: Any) -> Declared:
    body = {"listeners": list(listeners)} if listeners else {}
    return declare(program, "MeshGateway", {"name": "edge", "selectors": EDGE, **body, **said})


def test_errors_end_the_program_in_one_sentence_with_the_line_and_the_argument(config: dict[str, str]):
    program = Program()
    gateway(program, TLS)
    with pytest.raises(Broken) as refused:
        program.judge()
    assert str(refused.value).startswith(
        "MeshGateway/shop/edge: listeners[0] (conf.listeners[0]): a TLS listener without tls"
    )
    assert str(refused.value).endswith("[tls-unsaid]\n  __main__.py:7")


def test_several_errors_are_one_message(config: dict[str, str]):
    program = Program()
    gateway(program, TLS, {**TLS, "port": 444})
    with pytest.raises(Broken, match=r"^2 findings, nothing is written\n  MeshGateway/shop/edge: listeners\[0\]"):
        program.judge()


def test_a_warning_is_said_once_and_ends_nothing(config: dict[str, str], warned: list[str]):
    program = Program()
    gateway(program, {"port": 80, "protocol": "HTTP"})
    declare(program, "MeshHTTPRoute", {"name": "r", "target_ref": {"kind": "MeshGateway", "name": "egde"}, "to": []})
    program.judge()
    program.judge()
    (one,) = warned
    assert one.startswith('MeshHTTPRoute/shop/r: target_ref.name (spec.targetRef.name): there is no MeshGateway "egde"')


def test_what_many_resources_lack_is_one_warning(config: dict[str, str], warned: list[str]):
    program = Program()
    gateway(program, {"port": 80, "protocol": "HTTP"})
    for index in range(100):
        declare(
            program,
            "MeshHTTPRoute",
            {"name": f"r-{index}", "target_ref": {"kind": "MeshGateway", "name": "egde"}, "to": []},
        )
    program.judge()
    (one,) = warned
    assert one.startswith("MeshHTTPRoute/shop/r-0: ")
    assert one.endswith("and 99 more, alike")


def test_findings_are_silenced_by_the_stack_or_the_object_and_a_code_that_nobody_knows_is_refused(
    config: dict[str, str],
):
    program = Program()
    gateway(program, TLS)
    config["ignore"] = "gateway-tie, tls-unsaid"
    program.judge()
    config["ignore"] = "tls-unsiad"
    with pytest.raises(Broken, match='mesh:ignore: unknown code "tls-unsiad"; did you mean "tls-unsaid"'):
        program.judge()
    del config["ignore"]
    labelled = Program()
    gateway(labelled, TLS, labels={IGNORE: "tls-unsaid"})
    labelled.judge()


def test_what_an_output_will_be_is_known_where_the_program_has_said_it():
    name = foretell(pulumi.Output.from_input("?"), "edge")
    outer = foretell(pulumi.Output.from_input("?"), name)
    unknown: pulumi.Output[str] = pulumi.Output.from_input("?")
    assert told({"a": [outer, {"b": name}], "c": 1}) == {"a": ["edge", {"b": "edge"}], "c": 1}
    assert told([unknown])[0] is unknown


def test_the_data_of_a_secret_is_known_where_the_program_has_said_it():
    assert told(mesh.base64("x")) == "eA=="
    later = mesh.base64(pulumi.Output.from_input("x"))
    assert told(later) is later


def test_what_is_not_known_yet_is_judged_when_it_is(config: dict[str, str]):
    program = Program()
    later: pulumi.Output[str] = pulumi.Output.from_input("?")
    gateway(program, {"port": 443, "protocol": later})
    program.judge()
    with pytest.raises(Broken, match="tls-unsaid"):
        program.judge({id(later): "TLS"})


def test_an_object_without_a_name_yet_is_judged_when_it_has_one(config: dict[str, str]):
    program = Program()
    later: pulumi.Output[str] = pulumi.Output.from_input("?")
    gateway(program, TLS, mesh=later)
    program.judge()
    assert program.outside(program.declared[0]) == []
    with pytest.raises(Broken, match=r"MeshGateway/shop/edge: .* \[tls-unsaid\]"):
        program.judge({id(later): "shop"})


def test_listeners_of_their_own_are_on_their_gateway_and_others_may_bring_more(config: dict[str, str]):
    program = Program()
    gateway(program)
    declare(
        program,
        "MeshHTTPRoute",
        {"name": "r", "target_ref": {"kind": "MeshGateway", "name": "edge", "tags": {"a": "b"}}},
    )
    program.judge()
    declare(program, "GatewayListener", {"gateway": "edge", **TLS})
    with pytest.raises(Broken, match="tls-unsaid"):
        program.judge()


def test_control_planes_are_judged_apart(config: dict[str, str], warned: list[str]):
    program = Program()
    gateway(program, {"port": 80, "protocol": "HTTP"})
    route = {"name": "r", "target_ref": {"kind": "MeshGateway", "name": "egde"}, "to": []}
    declare(program, "MeshHTTPRoute", {**route, "control_plane": "eu"})
    program.judge()
    assert warned == []


def test_what_a_resource_refers_to_and_nobody_declares_is_outside(config: dict[str, str]):
    program = Program()
    route = {"name": "r", "target_ref": {"kind": "MeshGateway", "name": "edge"}, "to": []}
    one = declare(program, "MeshHTTPRoute", route)
    assert list(Outside(program, one).__await__()) == []
    assert program.outside(one) == [["MeshGateway/shop/edge", "spec.targetRef.name"]]
    gateway(program, {"port": 80, "protocol": "HTTP"})
    assert program.outside(one) == []


class Stack:
    """A stack that keeps what it registers."""

    def __init__(self) -> None:
        self.outputs: list[Any] = []

    def register_outputs(self, outputs: Any) -> None:
        self.outputs.append(outputs)


def fail(stack: Stack) -> None:
    """Run a program that fails."""
    try:
        raise ValueError("mine")
    finally:
        stack.register_outputs({})


def test_a_program_ends_when_its_stack_registers_its_outputs_unless_it_fails():
    ended: list[int] = []
    stack: Any = Stack()
    watch(stack, lambda: ended.append(1))
    stack.register_outputs({"a": 1})
    assert (ended, stack.outputs) == ([1], [{"a": 1}])
    with pytest.raises(ValueError, match="mine"):
        fail(stack)
    assert ended == [1]


def test_a_broken_program_registers_nothing_more(monkeypatch: pytest.MonkeyPatch):
    manager = type("Manager", (), {"unhandled_exception": None})()
    monkeypatch.setattr(pulumi.runtime.settings, "SETTINGS", type("Settings", (), {"rpc_manager": manager})())
    stack: Any = Stack()

    def end() -> None:
        raise Broken("x")

    watch(stack, end)
    with pytest.raises(Broken):
        stack.register_outputs({})
    assert stack.outputs == []
    assert isinstance(manager.unhandled_exception, Broken)
