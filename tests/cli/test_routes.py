"""What is promised of `pulumi-mesh routes`: the whole table, and what is odd about it."""

from pathlib import Path

from tests.cli.command import run

MESH = Path(__file__).with_name("gateway.yaml")


def test_the_table_of_a_gateway_is_printed_host_by_host():
    ran = run("routes", MESH)
    assert ran.code == 0
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in ran.lines]
    api = "MeshHTTPRoute/shop/api to[0].rules"
    assert cells[:7] == [
        ["MeshGateway/shop/edge"],
        ["8080 HTTP *"],
        ["host *"],
        ["Exact /old", "-> redirect 301 http://new.example:8080/...", f"{api}[2]"],
        [
            "PathPrefix /api/v2 and header x-canary = 1",
            "-> 90 % api-v2:8080, 10 % api-v1:8080",
            f"{api}[1]",
            "path /api/v2 rewritten to /",
        ],
        ["PathPrefix /api", "-> api-v1:8080", f"{api}[0]"],
        ["RegularExpression /api/.*", "-> never", f"{api}[3]", f"SHADOWED by {api}[0]"],
    ]
    assert "server name db.example: MeshTCPRoute/shop/db to[0].rules[0] -> db" in ran.out
    assert ran.lines[-1] == f"shadowed: {api}[3]: {api}[0] comes first, and takes all that it would take"


def test_json_flags_what_is_shadowed():
    ran = run("routes", MESH, "--format", "json")
    assert ran.code == 0
    assert [one["route"]["path"] for one in ran.report["shadowed"]] == ["spec.to[0].rules[3]"]
    assert ran.report["shadowed"][0]["by"]["path"] == "spec.to[0].rules[0]"
    assert ran.report["tied"] == []
    ports = ran.report["gateways"][0]["ports"]
    assert [(port["port"], port["protocol"]) for port in ports] == [(8080, "HTTP"), (8443, "HTTPS"), (9000, "TLS")]
    assert ports[2]["chains"][0]["backends"][0]["name"] == "db"
    assert ran.err == "1 gateway: 1 shadowed rule, 0 ties\n"


def test_a_gateway_that_is_not_there_ends_with_1():
    ran = run("routes", MESH, "--gateway", "egde")
    assert (ran.code, ran.out) == (1, "")
    assert "there are: MeshGateway/shop/edge" in ran.err
