"""Drawing what traffic ends at."""

from pulumi_mesh.ingress.topology.backends import Backend
from pulumi_mesh.schema.kind import Address
from pulumi_mesh.schema.tags import SERVICE

from .drawing import Drawing, counted, shown
from .value import Card, Place
from .words import tagged

BY_TAG = ("MeshService", "MeshServiceSubset", "Service")
"""Three ways to name what has the tag `kuma.io/service`, where there is no object of the name."""


def backend(drawing: Drawing, backend: Backend) -> str:
    """Draw what something sends traffic to; the same service is one card, however it is named."""
    address = Address(backend.kind, drawing.mesh.name, backend.name)
    document = drawing.mesh.services.get(address)
    tags = {key: value for key, value in backend.tags.items() if key != SERVICE}
    kind = "service" if document is None and backend.kind in BY_TAG else backend.kind
    name = backend.name or tagged(backend.labels)
    proxies = drawing.proxies.get(backend.name, [])
    lines = [tagged(tags)] if tags else []
    lines += [counted([proxy.address.name for proxy in proxies])] if proxies else []
    facts = [("address", str(document.address))] if document else [(SERVICE, backend.name)]
    facts += [("proxy", one) for one in shown(proxies)]
    text = f"{name} :{backend.port}" if backend.port else name
    return drawing.add(
        Card(
            drawing.id("backend", kind, name, backend.port, tagged(tags)), "backend", text, kind,
            tuple(lines), tuple(facts), (Place(str(address)),), column="backends",
        )
    )  # fmt: skip
