"""VirtualOutbound: which host names and ports services get, by tags; what HostnameGenerator replaces."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.resource import MeshScoped
from pulumi_mesh.schema.go_lex import TemplateError, quoted
from pulumi_mesh.schema.go_render import Failed, Rendering, Unrendered
from pulumi_mesh.schema.go_template import Operand
from pulumi_mesh.schema.kind import Kind
from pulumi_mesh.schema.parts import Str
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, dig, parts, whole
from pulumi_mesh.schema.selectors import Selector, selected
from pulumi_mesh.schema.spec import Model, One, Parts, field
from pulumi_mesh.schema.tags import KEY, SERVICE, is_dns_name

PARAMETERS = "conf.parameters"
NAME = re.compile(r"[a-zA-Z0-9]+")
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
DEFINED = "has to be defined"


class VirtualOutboundParameter(Model):
    """A word of the templates, and the tag whose value it stands for."""

    name: One[Str] = field(doc="The word: letters and digits.")
    tag_key: One[Str | None] = field(
        proto=True, default=None, doc="The tag; the one called like the word, if absent. One is `kuma.io/service`."
    )


class Absent(str):
    """What a map of text has for a key that is not there."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """Count as nothing."""
        return False


class Words(Rendering):
    """One rendering of a template with a map of text, which has a value for any name."""

    def read(self, operand: Operand, holder: Any, name: str) -> Any:
        """Return the value of a name."""
        if holder is self.fields:
            return self.fields.get(name, Absent("<no value>"))
        return super().read(operand, holder, name)

    def call(self, command: tuple[Operand, ...], said: list[Any], given: tuple[Any, ...]) -> Any:
        """Return what a function gives, as far as it is about texts that are there."""
        if any(value is self.fields or isinstance(value, Absent) for value in (*said, *given)):
            raise Unrendered
        return super().call(command, said, given)

    def shown(self, value: Any) -> str:
        """Show a value as Go does, but for the whole map."""
        if value is self.fields:
            raise Unrendered
        return super().shown(value)


def defined(outbound: Body, _: Release) -> Iterator[Violation]:
    """There is something to name by: words, a host and a port."""
    if dig(outbound, "conf") is None:
        yield Violation("conf", DEFINED)
        return
    yield from parameters(outbound)
    names = [str(one.get("name") or "") for _, one in parts(outbound, PARAMETERS)]
    if whole(outbound, PARAMETERS):
        yield from templated(outbound, "host", dict.fromkeys(names, "dummy"))
        yield from templated(outbound, "port", dict.fromkeys(names, "1"))


def parameters(outbound: Body) -> Iterator[Violation]:
    """Words are told apart, stand for tags, and one of them for the service."""
    before: set[str] = set()
    for path, one in parts(outbound, PARAMETERS):
        name, key = str(one.get("name") or ""), str(one.get("tagKey") or "")
        if name in before:
            yield Violation(f"{path}.name", "name is already used")
        before.add(name)
        if not KEY.fullmatch(key):
            yield Violation(f"{path}.tagKey", "must be a valid tag name")
        if not key and not KEY.fullmatch(name):
            yield Violation(f"{path}.name", "must be a valid tag name if you are not setting tagKey")
        if not NAME.fullmatch(name):
            yield Violation(f"{path}.name", "must consist of alphanumeric characters to be used as a gotemplate key")
    if not any(one.get("tagKey") == SERVICE for _, one in parts(outbound, PARAMETERS)):
        yield Violation(PARAMETERS, f"must contain a parameter with {SERVICE} as a tagKey")


def templated(outbound: Body, key: str, words: Mapping[str, str]) -> Iterator[Violation]:
    """A host or a port is a template, which gives one."""
    path = f"conf.{key}"
    text = str(dig(outbound, path) or "")
    if not text:
        yield Violation(path, DEFINED)
        return
    try:
        why = (host if key == "host" else port)(rendered(text, words))
    except TemplateError as error:
        why = f"failed compiling gotemplate error={quoted(str(error))}"
    except Failed as error:
        why = f"pre evaluation of template with parameters failed with error={quoted(str(error))}"
    except Unrendered:
        return
    if why:
        yield Violation(path, f"template pre evaluation failed with error={quoted(why)}")


def rendered(text: str, words: Mapping[str, str]) -> str:
    """Return what a template gives."""
    rendering = Words(text, words, {})
    return "".join(rendering.nodes(rendering.tree, words))


def host(name: str) -> str:
    """Return why a text is no host."""
    if is_dns_name(name):
        return ""
    return f"evaluation of template with parameters didn't return a valid dns name result={quoted(name)}"


def port(number: str) -> str:
    """Return why a text is no port."""
    if not WHOLE.fullmatch(number) or not -(2**63) <= int(number) < 2**63:
        return f"evaluation of template with parameters didn't evaluate to a parsable number result={quoted(number)}"
    if not 1 <= int(number) <= 65535:
        return f"evaluation of template returned a port outside of the range [1..65535] result={int(number)}"
    return ""


class VirtualOutbound(
    MeshScoped,
    kind=Kind(
        path="virtual-outbounds",
        shape="legacy",
        policy=True,
        written_on=frozenset({"global"}),
        rules=(selected("selectors", required=()), defined),
    ),
):
    """Which host names and ports services get, so that clients find them by DNS.

    HostnameGenerator replaces it.

    Source: https://kuma.io/docs/latest/policies/virtual-outbound/
    """

    selectors: Parts[Selector] = field(doc="Which proxies get one, by tags.")
    host: One[Str] = field(
        wire="conf.host", doc="The host name, a template of Go with the words of `parameters`: `{{.service}}.mesh`."
    )
    port: One[Str] = field(wire="conf.port", doc="The port, such a template, too: `80` or `{{.port}}`.")
    parameters: Parts[VirtualOutboundParameter] = field(
        wire=PARAMETERS, key=("name",), doc="The words of the templates; one stands for `kuma.io/service`."
    )


__all__ = ["VirtualOutbound", "VirtualOutboundParameter"]
