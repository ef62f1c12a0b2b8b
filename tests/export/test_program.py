"""What is promised of the program: it says objects by their variables, each behind what it names, and reads as one by hand."""

import ast
from collections.abc import Mapping
from typing import Any

import pytest

import pulumi_mesh as mesh
from pulumi_mesh import sources
from pulumi_mesh.export.choice import Choice, choice
from pulumi_mesh.export.program import program, script
from pulumi_mesh.export.writing import REFS
from pulumi_mesh.schema.kind import KINDS
from pulumi_mesh.schema.spec import Model
from pulumi_mesh.sources import Held, Holdings
from pulumi_mesh.sources.files import document, kind_for
from tests.export.crowd import gateway


def found(*bodies: Mapping[str, Any]) -> Choice:
    """Choose of objects as a file has them."""
    return choice(Holdings([Held(kind, document(kind, body), "x") for body in bodies if (kind := kind_for(body))]))


def spec(kind: str, name: str, said: Mapping[str, Any], mesh: str = "shop") -> dict[str, Any]:
    return {"type": kind, "name": name, "mesh": mesh, "spec": said}


def module(*bodies: Mapping[str, Any], name: str = "shop") -> str:
    """Return the text of a module of the program, without what it begins with."""
    return program(found(*bodies).objects).files[f"meshes/{name}.py"]


SHOP = {"type": "Mesh", "name": "shop"}
EVERYTHING = {"kind": "Mesh"}
CERTIFICATE = {"type": "Secret", "mesh": "shop", "name": "edge-cert", "data": "aGk="}


def route(name: str, backends: list[dict[str, Any]], top: dict[str, Any], mesh: str = "shop") -> dict[str, Any]:
    match = {"path": {"type": "PathPrefix", "value": "/"}}
    rule = {"matches": [match], "default": {"backendRefs": backends}}
    return spec("MeshHTTPRoute", name, {"targetRef": top, "to": [{"targetRef": EVERYTHING, "rules": [rule]}]}, mesh)


SHOWN = '''"""The mesh shop: 1 Mesh, 1 Secret, 1 MeshService, 1 MeshGateway, 1 MeshHTTPRoute, 1 MeshTimeout."""

import pulumi_mesh as mesh

from .config import config

shop = mesh.Mesh("shop")

edge_cert = mesh.Secret("edge-cert", mesh=shop, data=config.require_secret("edge-cert"))

api_service = mesh.MeshService("api", mesh=shop, ports=[mesh.ServicePort(port=8080, app_protocol="http")])

edge = mesh.MeshGateway(
    "edge",
    mesh=shop,
    selectors=[mesh.Selector(match={"kuma.io/service": "edge"})],
    listeners=[
        mesh.Listener(
            port=8443,
            protocol="HTTPS",
            hostname="shop.example",
            tls=mesh.Tls(certificates=[edge_cert]),
            tags={"port": "https"},
        ),
    ],
)

api_http_route = mesh.MeshHTTPRoute(
    "api",
    mesh=shop,
    target_ref=edge.ref(port="https"),
    to=[
        mesh.HttpRouteTo(
            target_ref=mesh.TargetRef(kind="Mesh"),
            rules=[
                mesh.HttpRouteRule(
                    matches=[mesh.HttpRouteMatch(path=mesh.PathMatch(type="PathPrefix", value="/"))],
                    default=mesh.HttpRouteConf(backend_refs=[api_service.ref(port=8080, weight=90)]),
                ),
            ],
        ),
    ],
)

mesh.MeshTimeout(
    "slow",
    mesh=shop,
    target_ref=mesh.TargetRef(kind="MeshHTTPRoute", name=api_http_route.name),
    to=[
        mesh.TimeoutTo(
            target_ref=mesh.TargetRef(kind="Mesh"),
            default=mesh.TimeoutConf(http=mesh.HttpTimeouts(request_timeout="1h")),
        ),
    ],
    labels={"team": "edge"},
)
'''


def test_it_reads_as_one_would_write_it():
    service = spec("MeshService", "api", {"ports": [{"port": 8080, "appProtocol": "http"}]})
    backends = [{"kind": "MeshService", "name": "api", "port": 8080, "weight": 90}]
    api = route("api", backends, {"kind": "MeshGateway", "name": "edge", "tags": {"port": "https"}})
    to = [{"targetRef": EVERYTHING, "default": {"http": {"requestTimeout": "1h0m0s"}}}]
    slow = spec("MeshTimeout", "slow", {"targetRef": {"kind": "MeshHTTPRoute", "name": "api"}, "to": to})
    computed = {"kuma.io/mesh": "shop", "kuma.io/origin": "zone", "kuma.io/zone": "default", "team": "edge"}
    text = module(slow | {"labels": computed}, api, gateway("shop", "edge"), service, CERTIFICATE, SHOP)
    assert text == SHOWN


def test_what_is_not_there_is_named_by_its_name():
    assert 'mesh="shop"' in module(CERTIFICATE)
    text = module(gateway("shop", "edge"))
    assert 'certificates=[mesh.DataSource(secret="edge-cert")]' in text
    assert "mesh=" not in module(gateway("default", "edge"), name="default").replace("import pulumi_mesh as mesh", "")


def test_an_object_of_another_mesh_is_not_meant_by_its_name():
    other = CERTIFICATE | {"mesh": "b2b"}
    assert 'mesh.DataSource(secret="edge-cert")' in module(gateway("shop", "edge"), other)


def test_a_reference_that_says_more_than_a_ref_can_is_a_model_with_the_objects_name():
    backends = [{"kind": "MeshService", "name": "api", "sectionName": "http"}]
    service = spec("MeshService", "api", {"ports": [{"port": 80}]})
    text = module(service, route("api", backends, EVERYTHING))
    assert 'mesh.BackendRef(kind="MeshService", name=api.name, section_name="http")' in text


def test_a_tag_that_is_no_name_of_an_argument_is_said_in_a_map():
    edge = gateway("shop", "edge")
    top = {"kind": "MeshGateway", "name": "edge", "tags": {"a/b": "c", "class": "d"}}
    text = module(edge, route("api", [{"kind": "MeshService", "name": "x"}], top))
    assert 'target_ref=edge.ref(**{"a/b": "c", "class": "d"})' in text
    ast.parse(text)


def test_a_mesh_that_names_a_secret_of_its_own_stands_first_and_says_its_name():
    conf = {part: {"secret": "edge-cert"} for part in ("cert", "key")}
    backend = {"name": "ca", "type": "provided", "conf": conf}
    text = module(SHOP | {"mtls": {"enabledBackend": "ca", "backends": [backend]}}, CERTIFICATE)
    assert text.index("mesh.Mesh(") < text.index("mesh.Secret(")
    assert 'cert=mesh.DataSource(secret="edge-cert")' in text
    (note,) = found(SHOP | {"mtls": {"enabledBackend": "ca", "backends": [backend]}}).notes
    assert note.startswith("Mesh/shop: mtls.backends[0]: names Secrets of the mesh itself")


def test_objects_of_one_name_in_two_meshes_are_two_resources():
    files = program(found(CERTIFICATE, CERTIFICATE | {"mesh": "b2b"}).objects).files
    assert 'mesh.Secret("shop-edge-cert", name="edge-cert", mesh="shop"' in files["meshes/shop.py"]
    assert 'mesh.Secret("b2b-edge-cert", name="edge-cert", mesh="b2b"' in files["meshes/b2b.py"]


def test_what_lives_outside_of_meshes_has_a_module_of_its_own_that_knows_the_others():
    role = {"type": "AccessRole", "name": "admin-2", "rules": [{"mesh": "shop", "types": ["Mesh"], "access": ["READ"]}]}
    audit = {"type": "AccessAudit", "name": "all", "rules": [{"mesh": "shop", "types": ["Mesh"], "accessAll": True}]}
    subject = {"type": "User", "name": "ann"}
    binding = {"type": "AccessRoleBinding", "name": "b", "subjects": [subject], "roles": ["admin-2", "other"]}
    files = program(found(SHOP, audit, role, binding).objects).files
    text = files["meshes/outside.py"]
    assert "from .shop import shop\n" in text
    assert "mesh=shop.name" in text
    assert 'roles=[admin_2.name, "other"]' in text
    assert "from meshes import outside, shop\n" in files["__main__.py"]


def test_a_type_that_nobody_here_knows_is_said_as_the_control_plane_has_it():
    body = spec("MeshUnheardOf", "new", {"b": [{"cD": 1}], "a": "x"})
    text = module(SHOP, body)
    assert 'mesh.MeshResource("new", type="MeshUnheardOf", mesh=shop, spec={"a": "x", "b": [{"cD": 1}]})' in text
    outside = {"type": "Unheard", "name": "new", "spec": {}}
    assert 'mesh.MeshResource("new", type="Unheard", spec={})' in module(outside, name="outside")


def test_meshes_that_have_names_of_python_get_others():
    names = ["class", "list", "config", "outside", "mesh", "a.b", "a-b", "9"]
    made = program(found(*({"type": "Mesh", "name": name} for name in names)).objects)
    modules = {name.removeprefix("meshes/") for name in made.files if name.startswith("meshes/")}
    assert modules == {
        "__init__.py", "a_b.py", "a_b_2.py", "mesh_9.py", "mesh_class.py", "mesh_config.py", "mesh_list.py",
        "mesh_mesh.py", "outside_2.py",
    }  # fmt: skip
    for text in made.files.values():
        if text.startswith('"""'):
            ast.parse(text)


def test_a_large_mesh_has_a_module_for_each_gateway_with_what_is_about_it():
    bodies = [SHOP, gateway("shop", "edge"), CERTIFICATE, gateway("shop", "small")]
    top = {"kind": "MeshGateway", "name": "edge"}
    bodies += [route(f"r-{index}", [{"kind": "MeshService", "name": "api"}], top) for index in range(8)]
    service = spec("MeshService", "api", {"ports": [{"port": 80}]})
    files = program(found(*bodies, service).objects, large=5).files
    assert {"meshes/shop.py", "meshes/shop_edge.py"} == {name for name in files if "shop" in name}
    assert files["meshes/shop_edge.py"].startswith(
        '"""The gateway edge of the mesh shop: 1 Secret, 1 MeshGateway, 8 MeshHTTPRoutes."""'
    )
    assert "from .shop import api, shop\n" in files["meshes/shop_edge.py"]
    assert '"small"' in files["meshes/shop.py"]
    assert "from meshes import shop, shop_edge\n" in files["__main__.py"]


def test_one_module_holds_everything_where_one_is_asked_for():
    objects = found(SHOP, CERTIFICATE, CERTIFICATE | {"mesh": "b2b"}, {"type": "Mesh", "name": "b2b"}).objects
    text = script(objects)
    assert text.count("mesh.Mesh(") == 2
    assert "import pulumi\nimport pulumi_mesh as mesh\n\nconfig = pulumi.Config()\n" in text
    assert "from ." not in text


def test_several_control_planes_are_told_apart():
    held = [Held(kind_for(SHOP), document(kind_for(SHOP), SHOP), "x", control_plane=name) for name in ("eu", "us")]
    files = program(choice(Holdings(held)).objects).files
    assert 'mesh.Mesh("eu-shop", name="shop", control_plane="eu")' in files["meshes/eu_shop.py"]
    assert 'mesh.Mesh("us-shop", name="shop", control_plane="us")' in files["meshes/us_shop.py"]


def test_the_kinds_that_are_said_to_have_a_ref_have_one():
    for kind, (model, fields) in REFS.items():
        assert callable(getattr(mesh, kind).ref)
        assert fields <= getattr(mesh, model).declared.keys()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_model_of_a_kind_has_its_name_in_the_package(name: str):
    def models(model: type[Model], seen: set[type[Model]]) -> set[type[Model]]:
        for one in {model, *model.variants.values()} - seen if "variants" in vars(model) else {model} - seen:
            seen.add(one)
            for field in one.declared.values():
                if field.model is not None:
                    models(field.model, seen)
        return seen

    for model in models(KINDS[name].model, set()) - {KINDS[name].model}:
        assert getattr(mesh, model.__name__) is model


def test_nothing_at_all_is_a_program_too():
    assert program([]).files["__main__.py"] == (
        '"""What a control plane held, as a program; each module declares a part of it."""\n'
    )
    assert sources.Holdings().held == []
