"""Programs that a type checker must refuse: every line that ends in `# wrong`, and no other."""

import pulumi

import pulumi_mesh as mesh

text: pulumi.Output[str] = pulumi.Output.from_input("x")
number: pulumi.Output[int] = pulumi.Output.from_input(1)

mesh.Listener(port=80, protocol="HTTP", hostnmae="x")  # wrong
mesh.Listener(port=80, protocol="HTTPPS")  # wrong
mesh.Listener(port="80", protocol="HTTP")  # wrong
mesh.Listener(port=text, protocol="HTTP")  # wrong
mesh.Listener(port=80, protocol="HTTP", hostname=number)  # wrong
mesh.Listener(protocol="HTTP")  # wrong
mesh.Listener(port=80, protocol="HTTP", tls=mesh.Selector(match={}))  # wrong
mesh.MeshGateway("edge", selector=[])  # wrong
mesh.MeshGateway("edge")  # wrong
mesh.MeshGateway("edge", selectors=mesh.Selector(match={}))  # wrong
mesh.MeshGateway("edge", selectors=[mesh.Tls()])  # wrong
mesh.MeshGateway("edge", selectors=[], mesh=3)  # wrong
mesh.MeshGateway("edge", selectors=[], opts={})  # wrong
mesh.MeshGateway("edge", selectors=[], labels={"a": 1})  # wrong
mesh.MeshGateway("edge", selectors=[], adopt="always")  # wrong
mesh.MeshGateway(selectors=[])  # wrong
mesh.MeshGateway("edge", [])  # wrong
mesh.GatewayListener("web", port=80, protocol="HTTP")  # wrong
right: str = mesh.Mesh("shop").name  # wrong
