"""The report of drift as JUnit's XML: each object that is to be there is a test case, each finding a failure."""

from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree

from pulumi_mesh.reconcile.drift import Finding
from pulumi_mesh.schema.kind import Address

from .findings import printable
from .reports import Report, lines, weight, what

Place = tuple[str, Address]


def as_junit(report: Report) -> str:
    """Render a report as JUnit's XML."""
    failed: dict[Place, list[Finding]] = defaultdict(list)
    for one in report.findings:
        failed[one.control_plane, one.address].append(one)
    suites: dict[str, list[Place]] = defaultdict(list)
    for place in dict.fromkeys([*report.compared, *failed]):
        suites[suite(place)].append(place)
    root = ElementTree.Element("testsuites", {"name": "pulumi-mesh drift", **numbers(suites, failed)})
    for name in sorted(suites):
        node = ElementTree.SubElement(root, "testsuite", {"name": name, **numbers({name: suites[name]}, failed)})
        for place in sorted(suites[name], key=lambda place: str(place[1])):
            case(node, place[1], failed.get(place, ()))
    if report.unsure:
        node = ElementTree.SubElement(root, "testsuite", {"name": "not compared", "errors": str(len(report.unsure))})
        for reason in report.unsure:
            made = ElementTree.SubElement(node, "testcase", classname="drift", name=printable(reason))
            ElementTree.SubElement(made, "error", message=printable(reason))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def suite(place: Place) -> str:
    """Name the suite of an object: its mesh, and its control plane where that is not the default one."""
    name, address = place
    mesh = address.name if address.kind == "Mesh" else address.mesh
    where = f"mesh {mesh}" if mesh else "outside of meshes"
    return where if name == "default" else f"{name}: {where}"


def numbers(suites: dict[str, list[Place]], failed: dict[Place, list[Finding]]) -> dict[str, str]:
    """Count test cases and failures."""
    places = [place for each in suites.values() for place in each]
    return {"tests": str(len(places)), "failures": str(sum(place in failed for place in places))}


def case(node: ElementTree.Element, address: Address, found: Sequence[Finding]) -> None:
    """Add the test case of an object."""
    made = ElementTree.SubElement(node, "testcase", classname=address.kind, name=str(address))
    for one in found:
        message = printable(f"{what(one)} ({weight(one)})")
        failure = ElementTree.SubElement(made, "failure", type=one.sort, message=message)
        failure.text = "\n".join(lines(one))
