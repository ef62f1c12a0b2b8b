"""Whom to trust, and with which certificate to speak."""

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pulumi_mesh.controlplane.connection import Connection, variable
from pulumi_mesh.errors import Unconfigured

if TYPE_CHECKING:
    import ssl


def trust(connection: Connection) -> "ssl.SSLContext | bool":
    """Return the TLS context, or whether to load the world's authorities (50 ms: not for HTTP to this machine)."""
    if not (connection.ca or connection.client_cert or connection.insecure):
        return connection.url.startswith("https://") or not is_loopback(connection)
    import ssl

    key, fault = "ca", "is no readable PEM file with certificates"
    try:
        context = ssl.create_default_context(cafile=connection.ca)
        key, fault = "clientCert", "is no readable PEM file, or its key is missing or does not fit"
        if connection.client_cert:
            context.load_cert_chain(connection.client_cert, connection.client_key, password="")
    except (OSError, ValueError):
        raise Unconfigured(f"control plane {connection.name}: {variable(connection.name, key)} {fault}") from None
    if connection.insecure:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def is_loopback(connection: Connection) -> bool:
    """Tell whether a control plane is on this machine."""
    host = urlsplit(connection.url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
