"""HostnameGenerator: which host names services get."""

from collections.abc import Iterator
from typing import Any

from pulumi_mesh.kinds.mesh_external_service import Extension, extension
from pulumi_mesh.resource import Resource
from pulumi_mesh.schema.go_lex import TemplateError, quoted
from pulumi_mesh.schema.go_render import Failed, render
from pulumi_mesh.schema.go_template import parse
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.meta import NAME
from pulumi_mesh.schema.parts import LabelSelector, Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig
from pulumi_mesh.schema.spec import Model, One, Part, field

KINDS = ("meshService", "meshExternalService", "meshMultiZoneService")
STUB = {"Name": "name", "DisplayName": "displayname", "Namespace": "namespace", "Mesh": "mesh", "Zone": "zone"}
AT = "spec.template"


class HostnameSelector(Model):
    """Which services get host names: those of one kind."""

    mesh_service: Part[LabelSelector | None] = field(default=None, presence=True, doc="Labels of MeshServices.")
    mesh_external_service: Part[LabelSelector | None] = field(
        default=None, presence=True, doc="Labels of MeshExternalServices."
    )
    mesh_multi_zone_service: Part[LabelSelector | None] = field(
        default=None, presence=True, doc="Labels of MeshMultiZoneServices."
    )


def selector(generator: Body, _: Release) -> Iterator[Violation]:
    """Services of one kind are selected."""
    if sum(dig(generator, f"spec.selector.{kind}") is not None for kind in KINDS) != 1:
        yield Violation("spec.selector", "exact one selector (meshService, meshExternalService) must be defined")


def template(generator: Body, release: Release) -> Iterator[Violation]:
    """A host name is a template, which gives a host name."""
    text: Any = dig(generator, AT)
    if text is None and release >= (2, 12):
        return  # the schema has said so
    if not text:
        yield Violation(AT, "must not be empty")
        return
    try:
        parse(text)
        rendered = render(text, STUB, {"label": lambda _: "label"}) if release >= (2, 14) else None
    except TemplateError as error:
        yield Violation(AT, f"couldn't parse template: {error}")
    except Failed as error:
        yield Violation(AT, f"couldn't render template with stub values: {error}")
    else:
        yield from host(rendered)


def host(name: str | None) -> Iterator[Violation]:
    """What a template gives is a DNS name in lower case."""
    if name is None or (NAME.fullmatch(name) and len(name) <= 253):
        return
    reasons = ["must be no more than 253 characters"] if len(name) > 253 else []
    if not NAME.fullmatch(name):
        reasons.append(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
            f" end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{NAME.pattern}')"
        )
    why = ", ".join(reasons)
    yield Violation(AT, f"template renders to {quoted(name)} which is not a valid DNS name: {why}")


class HostnameGenerator(
    Resource,
    kind=Kind(
        path="hostnamegenerators", shape="spec", scope="global", short="hg", rules=(selector, template, extension)
    ),
):
    """Which host names services get, so that clients find them by DNS.

    Source: https://kuma.io/docs/latest/networking/hostnamegenerator/
    """

    selector: Part[HostnameSelector] = field(doc="Which services get host names: those of one kind.")
    template: One[Str] = field(
        doc="The host name, a template of Go: `{{ .DisplayName }}.{{ .Zone }}.svc.example`; besides these there are"
        ' `.Name`, `.Namespace`, `.Mesh` and `{{ label "team" }}`.'
    )
    extension: Part[Extension | None] = field(
        default=None, since="2.11", doc="A plugin of the control plane that makes the host names."
    )


__all__ = ["HostnameGenerator", "HostnameSelector"]
