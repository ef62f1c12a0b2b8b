"""Gateways as a whole: several resources under one name, made in the order that is safe."""

from .gateways import BuiltinGateway, CrossMeshGateway, DelegatedGateway
from .tls_certificate import TlsCertificate

__all__ = ["BuiltinGateway", "CrossMeshGateway", "DelegatedGateway", "TlsCertificate"]
