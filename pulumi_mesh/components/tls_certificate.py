"""TlsCertificate: certificate and key of a listener, judged before they are sent."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pulumi

from pulumi_mesh.kinds.mesh import Mesh
from pulumi_mesh.kinds.secret import Secret, base64
from pulumi_mesh.resource import Adopt, InvalidResource, line_of_program
from pulumi_mesh.schema.spec import promised

if TYPE_CHECKING:
    from pulumi_mesh.ingress.certificates import Facts, Problem


class TlsCertificate(pulumi.ComponentResource):
    """The Secret that a listener names: a certificate with its chain, and its key.

    Refused are: a key of another certificate, a chain that is out of order, what has expired, what Envoy does not
    take. What is about to expire is a warning. A new certificate changes the Secret in its place, so that no listener
    ever names one that does not exist. It can be given in the place of a `DataSource`: `Tls(certificates=[cert])`.

    Source: https://kuma.io/docs/latest/using-mesh/managing-ingress-traffic/builtin-listeners/#tls-termination
    """

    secret: Secret
    name: pulumi.Output[str]
    """The name of the Secret."""
    hostnames: pulumi.Output[list[str]]
    """The hosts that it is for: DNS names, wildcards, addresses."""
    expires: pulumi.Output[str]
    """When it expires (`2027-01-31T12:00:00Z`)."""
    algorithm: pulumi.Output[str]
    """RSA or ECDSA: a listener takes one of each."""

    def __init__(
        self,
        resource_name: str,
        *,
        certificate: pulumi.Input[str],
        private_key: pulumi.Input[str],
        mesh: "Mesh | pulumi.Input[str]" = "default",
        name: pulumi.Input[str] | None = None,
        warn_days: int = 30,
        control_plane: str = "default",
        adopt: Adopt = "never",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take certificate (the server's first, then its chain) and key as PEM texts, or as Outputs of them."""
        from pulumi_mesh.ingress.certificates import facts, judge  # cryptography is loaded where it is needed

        super().__init__("mesh:ingress:TlsCertificate", resource_name, None, opts)
        self.known = None if promised(certificate) else str(certificate)
        """The certificate, where the program knows it."""
        subject, line = f"TlsCertificate/{resource_name}", line_of_program()

        def told(pair: list[str]) -> str:
            judged(subject, line, judge(pair[0], pair[1], warn_days), self)
            return whole(pair[0], pair[1])

        def said(pem: str) -> "Facts":
            try:
                return facts(pem)
            except ValueError as error:
                raise InvalidResource(subject, [f"certificate: {error}"], line) from None

        if not promised(certificate) and not promised(private_key):
            data: pulumi.Input[str] = told([str(certificate), str(private_key)])
        else:
            data = pulumi.Output.all(certificate, pulumi.Output.secret(private_key)).apply(told)
        known = pulumi.Output.from_input(certificate).apply(said)
        self.secret = Secret(
            resource_name,
            name=name if name is not None else resource_name,
            mesh=mesh,
            data=base64(data),
            control_plane=control_plane,
            adopt=adopt,
            issued=pulumi.Output.unsecret(known.apply(lambda found: f"{found.issued:%Y-%m-%dT%H:%M:%SZ}")),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = self.secret.name
        self.hostnames = known.apply(lambda found: list(found.hostnames))
        self.expires = known.apply(lambda found: f"{found.expires:%Y-%m-%dT%H:%M:%SZ}")
        self.algorithm = known.apply(lambda found: found.algorithm)
        self.register_outputs({"name": self.name, "hostnames": self.hostnames, "expires": self.expires})


def whole(certificate: str, private_key: str) -> str:
    """Return what the Secret holds: the chain, then the key."""
    return f"{certificate.strip()}\n{private_key.strip()}\n"


def judged(subject: str, line: str, problems: "Iterable[Problem]", resource: pulumi.Resource) -> None:
    """Refuse what cannot work, on the user's line; warn of what will not for long."""
    found = list(problems)
    errors = [f"{problem.where}: {problem.message}" for problem in found if problem.severity == "error"]
    if errors:
        raise InvalidResource(subject, errors, line)
    for problem in found:
        pulumi.log.warn(f"{subject}: {problem.where}: {problem.message}\n  {line}", resource)
