"""Names of services and zones: how long they may be, and which ones Kuma means to refuse one day."""

import re
from collections.abc import Callable, Iterator

from pulumi_mesh.schema.kind import Rule
from pulumi_mesh.schema.meta import LONGEST
from pulumi_mesh.schema.release import Release
from pulumi_mesh.schema.rules import Body, Violation, table

DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
DNS_1123 = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
DISPLAY_NAME = "kuma.io/display-name"
SERVER_NAMES = Release(2, 14)
"""The release since which services have server names (SNI) that are made of their names."""


def display_name(body: Body) -> str:
    """Return the name that an object is shown by: that of a label, or its own."""
    return str(table(body, "labels").get(DISPLAY_NAME) or body.get("name") or "")


def at_most(longest: int) -> Rule:
    """A name has at most so many characters; what no name may have is said elsewhere."""

    def length(body: Body, _: Release) -> Iterator[Violation]:
        if longest < len(display_name(body).encode()) <= LONGEST:
            yield Violation("name", f"must not be longer than {longest} characters")

    return length


def conforms(kind: str) -> Rule:
    """A name is one that a host can have, or Kuma warns of it."""

    def conformity(body: Body, _: Release) -> Iterator[Violation]:
        name = display_name(body)
        reasons = "; ".join(no_label(name, DNS_1035)) if name else ""
        if reasons:
            yield Violation(
                "name",
                f"Invalid {kind} resource name: '{name}'. It does not conform to the DNS format (RFC 1035)."
                f" This is deprecated. Errors: {reasons}",
            )

    return conformity


def named_by(kind: str, sections: Callable[[Body], Iterator[str]]) -> Rule:
    """A server name is made of the names of the mesh, of the service and of its port, and Kuma warns of one that is none."""

    def server_names(body: Body, release: Release) -> Iterator[Violation]:
        mesh, name = str(body.get("mesh") or "default"), display_name(body)
        for section in sections(body) if name and release >= SERVER_NAMES else ():
            for reason in no_server_name(mesh, name, section):
                yield Violation("name", f'Invalid {kind} SNI (port "{section}"): {reason}. This is deprecated.')

    return server_names


def no_server_name(mesh: str, name: str, section: str) -> Iterator[str]:
    """Say why names make no server name."""
    if not section:
        yield "mesh, name and sectionName must be non-empty"
        return
    for what, text in (("mesh", mesh), ("name", name)):
        if reasons := "; ".join(no_label(text, DNS_1123)):
            yield f'{what} "{text}" does not conform to RFC 1123: {reasons}'
    if reasons := "; ".join(no_label(section, DNS_1123)):
        yield reasons


def no_label(text: str, form: re.Pattern[str]) -> Iterator[str]:
    """Say why text is no part of a host name, in the words of Kubernetes."""
    if len(text.encode()) > 63:
        yield "must be no more than 63 characters"
    if form.fullmatch(text):
        return
    if form is DNS_1035:
        yield (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character,"
            " and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is"
            f" '{form.pattern}')"
        )
    elif all(form.fullmatch(part) for part in text.split(".")):
        yield "must not contain dots"
    else:
        yield (
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end"
            " with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
            f" '{form.pattern}')"
        )
