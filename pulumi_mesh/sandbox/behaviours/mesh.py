"""Mesh: what comes with a new one, what an update may not change, what holds it, what goes with it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_mesh.sandbox import labels
from pulumi_mesh.sandbox.answers import not_imitated
from pulumi_mesh.sandbox.behaviours.authority import authority, checked, signing_key
from pulumi_mesh.sandbox.behaviours.secret import builtin
from pulumi_mesh.sandbox.policies import POLICIES
from pulumi_mesh.sandbox.site import Behaviour, Site, Write
from pulumi_mesh.schema.rules import Violation, dig, parts

RFC1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
LONGEST = 63


def check(site: Site, write: Write) -> Iterator[Violation]:
    """A CA that is in use is not exchanged; Kuma has two kinds of CA; a provided one must be good."""
    was = enabled(write.before.content()) if write.before else ""
    will = enabled(write.body)
    if was and will and was != will:
        message = "Changing CA when mTLS is enabled is forbidden. Disable mTLS first and then change the CA"
        yield Violation("mtls.enabledBackend", message)
        return
    for path, backend in parts(write.body, "mtls.backends"):
        if backend.get("type") not in ("builtin", "provided"):
            yield Violation(f"{path}.type", "could not find installed plugin for this type")
            return
    if not dig(write.body, "mtls.skipValidation"):
        yield from checked(site, write)


def enabled(body: Mapping[str, Any]) -> str:
    """Return the backend that mTLS uses, or nothing."""
    return str(dig(body, "mtls.enabledBackend") or "")


def settle(_site: Site, write: Write) -> None:
    """Fill in the defaults of Prometheus backends; what else their `conf` says is lost."""
    for _, backend in parts(write.body, "metrics.backends"):
        if backend.get("type") == "prometheus" and isinstance(backend, dict):
            conf: Mapping[str, Any] = backend.get("conf") or {}
            backend["conf"] = prometheus(conf)


PROMETHEUS = ("skipMTLS", "port", "path", "tags", "aggregate", "envoy", "tls")


def prometheus(conf: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of a Prometheus backend with what goes without saying."""
    known = {key: conf[key] for key in PROMETHEUS if conf.get(key) or (key == "skipMTLS" and key in conf)}
    tls = {"mode": dig(conf, "tls.mode")} if dig(conf, "tls.mode") not in (None, "activeMTLSBackend") else {}
    if conf.get("skipMTLS"):
        tls = {"mode": "disabled"}
    defaults = {"port": 5670, "path": "/metrics", "tags": {"kuma.io/service": "dataplane-metrics"}}
    return dict(sorted({**defaults, **known, "tls": tls}.items()))


def after(site: Site, write: Write) -> None:
    """Make the secrets of builtin CAs; with a new mesh its signing key and its default policies, too."""
    for _, backend in parts(write.body, "mtls.backends"):
        if backend.get("type") == "builtin":
            names = builtin(write.name, str(backend.get("name")))
            if not all(site.store.has("Secret", write.name, name) for name in names):
                for name, data in zip(names, authority(write.name), strict=True):
                    site.store.put("Secret", write.name, name, {}, {"data": data})
    if write.before is None:
        key = f"dataplane-token-signing-key-{write.name}-1"
        site.store.put("Secret", write.name, key, {}, {"data": signing_key()})
        default_policies(site, write)


def default_policies(site: Site, write: Write) -> None:
    """Create the default policies that the mesh does not skip; 2.10 gives them no labels."""
    skipped = write.body.get("skipCreatingInitialPolicies") or ()
    own = {labels.MESH: write.name, **(labels.of_zone(site) if site.mode == "zone" else {})}
    for kind, prefix, spec in POLICIES:
        name = f"{prefix}-{write.name}"
        if "*" not in skipped and kind not in skipped and not site.store.has(kind, write.name, name):
            site.store.put(kind, write.name, name, own if site.modern else {}, {"spec": spec})


def holds(site: Site, _mesh: str, name: str) -> Iterator[Violation]:
    """A mesh with Dataplanes stays."""
    if site.store.count("Dataplane", name):
        yield Violation("mesh", "unable to delete mesh, there are still some dataplanes attached")


def gone(site: Site, name: str) -> None:
    """What belongs to a mesh goes with it."""
    site.store.empty(name)


def warn(write: Write) -> Iterator[str]:
    """A name should be a DNS label."""
    yield from off_dns(write)


def misread(body: Mapping[str, Any], path: str, words: str) -> Iterator[Violation]:
    """Each part of a mesh says in its own way that it cannot read a configuration."""
    part = path.partition(".")[0]
    if part == "mtls":
        if dig(body, "mtls.skipValidation"):
            raise not_imitated("a CA that is not validated, with a configuration that cannot be read")
        yield Violation(path, f"could not convert backend config: {words}")
    else:
        at = path if part == "metrics" else path.removesuffix("conf") + "config"
        yield Violation(at, f"could not parse config: {words}")


def off_dns(write: Write) -> Iterator[str]:
    """Say that a name is no label of RFC 1035."""
    errors: list[str] = []
    if not RFC1035.fullmatch(write.name):
        errors.append(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end"
            f" with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '{RFC1035.pattern}')"
        )
    if len(write.name) > LONGEST:
        errors.append("must be no more than 63 bytes")
    if errors:
        yield (
            f"Invalid {write.kind.name} resource name: '{write.name}'. It does not conform to the DNS format (RFC 1035)."
            f" This is deprecated. Errors: {', '.join(errors)}"
        )


MESH = Behaviour(
    check=check,
    settle=settle,
    after=after,
    holds=holds,
    gone=gone,
    warn=warn,
    misread=misread,
    late=r"name|mtls\.backends\[\d+\]\.(type|conf(\..*)?)",
    structs=tuple(f"{part}.backends.conf" for part in ("mtls", "logging", "tracing", "metrics")),
    enums={
        "meshServices.mode": "Mesh.MeshServices.Mode",
        "metrics.backends.conf.tls.mode": "PrometheusTlsConfig.Mode",
        "mtls.backends.mode": "CertificateAuthorityBackend.Mode",
    },
)
