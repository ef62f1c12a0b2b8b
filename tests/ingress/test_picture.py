"""What is promised of the picture: what leads where, that nothing overlaps, that no text becomes anything else."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from pulumi_mesh.ingress.findings import findings
from pulumi_mesh.ingress.picture import Picture, picture
from pulumi_mesh.ingress.picture.dot import dot
from pulumi_mesh.ingress.picture.html import html
from pulumi_mesh.ingress.picture.mermaid import mermaid
from pulumi_mesh.ingress.picture.svg import svg
from pulumi_mesh.schema.finding import Finding, Known
from pulumi_mesh.schema.kind import Address
from tests.ingress import pictured
from tests.ingress.written import document, documents, gateway

WRITERS = {"mermaid": mermaid, "dot": dot, "svg": svg, "html": html}
MESHES = {"shop": pictured.shop, "hundred": pictured.hundred, "wicked": pictured.wicked, "wrong": pictured.wrong}


def drawn(given, **known):
    """The picture of documents, with what is wrong with them."""
    return picture(given, findings(Known(given, **known)))


@pytest.fixture(scope="module", params=MESHES)
def anything(request) -> Picture:
    return drawn(MESHES[request.param](), complete=request.param == "wrong")


@pytest.fixture(scope="module")
def root(anything):
    """It as SVG."""
    return ElementTree.fromstring(svg(anything))


@pytest.fixture(scope="module")
def page(anything) -> str:
    """It as a page."""
    return html(anything)


def node(drawn, text, sort=""):
    """The card or row of a text."""
    (found,) = [one for one in drawn.nodes if one.text == text and one.sort.startswith(sort)]
    return found


def after(drawn, text, sort=""):
    """What a card or row, or a row of it, leads to: text, share, style."""
    texts = {one.id: one.text for one in drawn.nodes}
    start = node(drawn, text, sort)
    ids = {start.id, *(row.id for row in start.rows)}
    return [(texts[edge.target], edge.share, edge.style) for edge in drawn.edges if edge.source in ids]


def path(drawn, host):
    """What is on the way of a hostname."""
    return {one.text for one in drawn.nodes if one.id in drawn.paths[node(drawn, host, "host").id]}


# --- what leads where ----------------------------------------------------------------------------------------------------


def test_every_mesh_has_its_hosts_gateways_routes_and_backends():
    shop = drawn(pictured.shop())
    assert [panel.mesh for panel in shop.panels] == ["partners", "shop"]
    assert [panel.about for panel in shop.panels] == ["mTLS ca-1", "mTLS ca-1"]
    found = {
        sort: {one.text for one in shop.nodes if one.sort == sort} for sort in ("host", "gateway", "route", "backend")
    }
    assert found == {
        "host": {
            "shop.example:8080",
            "shop.example:8443",
            "vault.shop.example:9443",
            "api.shop.mesh:80",
            "hosts of kong",
        },
        "gateway": {"edge", "crossing"},
        "route": {"api", "canary", "web", "vault", "for-partners", "kong"},
        "backend": {"api-v1", "api-v2", "web", "vault"},
    }


def test_a_listener_tells_how_tls_ends_and_until_when_its_certificates_are_good():
    row = node(drawn(pictured.shop()), "8443 HTTPS")
    until = re.compile(r"\d{4}-\d\d-\d\d$")
    assert [until.sub("DATE", line) for line in row.lines] == [
        "TLS TERMINATE",
        "shop.example-rsa, RSA until DATE",
        "shop.example-ecdsa, ECDSA until DATE",
    ]
    assert node(drawn(pictured.shop()), "9443 TLS").lines == ("TLS PASSTHROUGH",)


def test_rules_lead_to_backends_with_their_shares():
    shop = drawn(pictured.shop())
    assert after(shop, "api", "route") == [("api-v1", "90 %", "flow"), ("api-v2", "10 %", "flow")]
    assert after(shop, "PathPrefix /api and header x-canary = 1") == [("api-v2", "100 %", "flow")]
    assert after(shop, "PathPrefix /old") == []
    assert node(shop, "PathPrefix /old").lines == ("redirects (301) to path /",)
    assert node(shop, "api-v1", "backend").lines == ("3 proxies",)


def test_a_consumer_in_another_mesh_leads_to_the_listener_that_crosses_meshes():
    shop = drawn(pictured.shop())
    assert after(shop, "client") == [("api.shop.mesh:80", "", "crossing")]
    assert path(shop, "api.shop.mesh:80") >= {"client", "Proxies of any mesh", "crossing", "for-partners", "api-v1"}
    assert "Clients" not in path(shop, "api.shop.mesh:80")


def test_a_delegated_gateway_leads_over_its_outbounds_to_the_same_backends():
    shop = drawn(pictured.shop())
    assert after(shop, "kong", "delegated") == [("kong", "", "flow")]
    assert after(shop, "127.0.0.1:10001") == [("web", "", "flow")]
    assert path(shop, "hosts of kong") == {"Clients", "hosts of kong", "kong", "127.0.0.1:10001", "web"}


def test_the_path_of_a_hostname_leaves_out_other_listeners_and_their_routes():
    shop = drawn(pictured.shop())
    assert path(shop, "vault.shop.example:9443") == {
        "Clients", "vault.shop.example:9443", "edge", "9443 TLS", "vault", "every connection",
    }  # fmt: skip


HOSTS = """
type: MeshHTTPRoute
name: hosts
spec:
  targetRef: {kind: MeshGateway, name: edge}
  to:
    - targetRef: {kind: Mesh}
      hostnames: [a.example.com]
      rules: [{matches: [{path: {type: Exact, value: /a}}], default: {backendRefs: [{kind: MeshService, name: a}]}}]
    - targetRef: {kind: Mesh}
      hostnames: [b.example.com, elsewhere.org]
      rules: [{matches: [{path: {type: Exact, value: /b}}], default: {backendRefs: [{kind: MeshService, name: b}]}}]
    - targetRef: {kind: Mesh}
      rules: [{matches: [{path: {type: Exact, value: /all}}], default: {backendRefs: [{kind: MeshService, name: c}]}}]
"""


def test_hosts_that_rules_name_within_a_wildcard_have_a_path_of_their_own():
    listeners = [(80, "HTTP", "*.example.com"), (80, "HTTP", "b.example.com")]
    drawing = drawn([gateway(listeners=listeners), *documents(HOSTS)])
    assert {one.text for one in drawing.nodes if one.sort == "host"} == {
        "*.example.com:80", "a.example.com:80", "b.example.com:80",
    }  # fmt: skip
    assert path(drawing, "a.example.com:80") >= {"Exact /a", "Exact /all", "a", "c"}
    assert not path(drawing, "a.example.com:80") & {"Exact /b", "b"}
    assert path(drawing, "b.example.com:80") >= {"Exact /b", "Exact /all"}
    assert "Exact /a" not in path(drawing, "b.example.com:80")


OLD = """
type: MeshGatewayRoute
name: old
selectors: [{match: {kuma.io/service: edge}}]
conf: {http: {rules: [{matches: [{path: {match: PREFIX, value: /}, method: GET}],
  filters: [{mirror: {percentage: 5, backend: {destination: {kuma.io/service: shadow}}}}],
  backends: [{destination: {kuma.io/service: old, version: v1}, weight: 1}]}]}}
"""
TCP = """
type: MeshTCPRoute
name: {0}
spec:
  targetRef: {{kind: MeshGateway, name: edge}}
  to: [{{targetRef: {{kind: Mesh}}, rules: [{{default: {{backendRefs: [{{kind: MeshService, name: {0}}}]}}}}]}}]
"""


def test_a_route_that_another_one_wins_over_leads_nowhere():
    given = [gateway(listeners=[(80,)]), *documents(OLD)]
    assert after(drawn(given), "80 HTTP") == [("old", "", "flow")]
    assert ("old", "", "idle") in after(drawn([*given, *documents(HOSTS)]), "80 HTTP")
    tcp = [gateway(listeners=[(90, "TCP")]), *documents(TCP.format("one"), TCP.format("two"))]
    assert sorted(after(drawn(tcp), "90 TCP")) == [("one", "", "idle"), ("two", "", "flow")]


def test_copies_are_told_from_traffic():
    drawing = drawn([gateway(listeners=[(80,)]), *documents(OLD)])
    row = node(drawing, "PathPrefix / and method GET")
    assert row.lines == ("copies 5 %",)
    assert after(drawing, row.text) == [("old", "100 %", "flow"), ("shadow", "copy", "copy")]
    assert node(drawing, "old", "backend").lines == ("version=v1",)


def test_routes_that_only_sidecars_follow_are_not_on_it():
    mesh_wide = HOSTS.replace("{kind: MeshGateway, name: edge}", "{kind: Mesh, proxyTypes: [Sidecar]}")
    drawing = drawn([gateway(listeners=[(80,)]), *documents(mesh_wide)])
    assert [one.text for one in drawing.nodes if one.sort == "route"] == []


def found(code, kind, name, at, severity="error"):
    return Finding(code, severity, Address(kind, None if kind == "Mesh" else "shop", name), at, f"{code} is bad")


def test_findings_stand_where_they_belong_and_in_full_at_the_foot():
    all_ = [
        found("of-a-listener", "MeshGateway", "edge", "conf.listeners[1].tls"),
        found("of-its-certificate", "Secret", "shop.example-rsa", "data", "warning"),
        found("of-a-gateway", "MeshGateway", "edge", "selectors", "warning"),
        found("of-a-rule", "MeshHTTPRoute", "web", "spec.to[0].rules[1].default"),
        found("of-a-proxy", "Dataplane", "kong-1", "networking"),
        found("of-the-mesh", "Mesh", "shop", "mtls"),
        found("of-nothing-here", "MeshTimeout", "slow", ""),
    ]
    drawing = picture(pictured.shop(), all_)
    assert [one.code for one in node(drawing, "8443 HTTPS").findings] == ["of-a-listener", "of-its-certificate"]
    assert [one.code for one in node(drawing, "edge", "gateway").findings] == ["of-a-gateway"]
    assert [one.code for one in node(drawing, "PathPrefix /old").findings] == ["of-a-rule"]
    assert [one.code for one in node(drawing, "kong", "delegated").findings] == ["of-a-proxy"]
    assert [one.code for one in drawing.panels[1].findings] == ["of-the-mesh"]
    text = svg(drawing)
    for one in all_:
        assert str(one) in text
        if one.code not in ("of-the-mesh", "of-nothing-here"):
            assert f">{one.code}</text>" in text
            assert one.code in mermaid(drawing)
    assert 'class="card route error"' in text
    assert text.count('class="badge error"') == 3 + 5, "in the cards, and at the foot"


def test_meshes_of_one_name_on_two_control_planes_are_two():
    both = picture(pictured.shop()) + picture(pictured.shop(), control_plane="eu")
    assert [panel.mesh for panel in both.panels] == ["partners", "shop", "partners (eu)", "shop (eu)"]
    assert len({one.id for one in both.nodes}) == len(list(both.nodes)) == 2 * len(list(picture(pictured.shop()).nodes))
    assert html(both)


def test_the_styles_of_wires_are_explained_where_they_are_used():
    assert "from inside of the meshes<" in svg(drawn(pictured.shop()))
    assert "copies of requests<" not in svg(drawn(pictured.shop()))
    given = [gateway(listeners=[(80,)]), *documents(OLD, HOSTS)]
    assert "copies of requests<" in svg(drawn(given))
    assert "does nothing" in svg(drawn(given))


@pytest.mark.parametrize("form", WRITERS)
def test_a_picture_of_nothing_is_a_picture(form):
    assert "no mesh with a gateway" in WRITERS[form](picture([]))


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_documents_give_the_same_picture_in_any_order(form):
    given = pictured.shop()
    assert WRITERS[form](drawn(given)) == WRITERS[form](drawn(given)) == WRITERS[form](drawn(given[::-1]))


# --- where everything stands ---------------------------------------------------------------------------------------------

GLYPHS = {
    "sans": (("',./:;\\|ijlIJ ", 0.337), ("-!()[]frt", 0.411), ('"*_`szc?', 0.55), ("mWM%@", 1.0), ("w#+<=>^~", 0.838)),
    "bold": (
        ("',./:;\\|ijlIJ ", 0.4),
        ("-!()[]frt", 0.493),
        ('"*_`szc?', 0.595),
        ("mWM%@", 1.103),
        ("w#+<=>^~", 0.924),
    ),
}
"""How wide the characters of DejaVu Sans are, the widest of the fonts that the picture asks for; 0.602 in DejaVu Sans Mono."""
SVG = "{http://www.w3.org/2000/svg}"


def measured(text, kinds, size):
    """How wide a text is in the widest font."""
    if "mono" in kinds:
        return 0.602 * size * len(text)
    table = GLYPHS["bold" if "bold" in kinds or "error" in kinds or "warning" in kinds else "sans"]
    capital, other = (0.85, 0.725) if table is GLYPHS["bold"] else (0.787, 0.636)

    def glyph(char):
        if not char.isascii():
            return 1.0
        return next((width for chars, width in table if char in chars), capital if char.isupper() else other)

    return size * sum(map(glyph, text))


def boxes(root, x=0.0, y=0.0):
    """The boxes of all texts: left, top, right, bottom, text."""
    for child in root:
        shift = re.match(r"translate\((\S+) (\S+)\)", child.get("transform", ""))
        dx, dy = (x + float(shift[1]), y + float(shift[2])) if shift else (x, y)
        if child.tag == f"{SVG}text":
            size = float(child.get("font-size"))
            width = measured(child.text or "", child.get("class", ""), size)
            left = dx + float(child.get("x")) - {"end": width, "middle": width / 2}.get(child.get("text-anchor"), 0)
            line = dy + float(child.get("y"))
            yield left, line - 0.76 * size, left + width, line + 0.24 * size, child.text
        else:
            yield from boxes(child, dx, dy)


def sheets(root):
    """The boxes of all cards."""
    for card in root.iter(f"{SVG}g"):
        if "card" in card.get("class", "").split():
            x, y = map(float, re.findall(r"[\d.]+", card.get("transform")))
            sheet = card[0]
            yield x, y, x + float(sheet.get("width")), y + float(sheet.get("height")), card


def overlapping(found):
    """The pairs of boxes that overlap; they are swept from top to bottom."""
    open_, pairs = [], []
    for box in sorted(found, key=lambda one: one[1]):
        open_ = [one for one in open_ if one[3] > box[1] + 0.01]
        pairs += [(one[4], box[4]) for one in open_ if one[0] < box[2] and box[0] < one[2]]
        open_.append(box)
    return pairs


def test_no_text_overlaps_another_in_the_widest_font(root):
    found = list(boxes(root))
    assert len(found) > 10
    assert overlapping(found) == []


def test_overlapping_texts_would_be_found():
    assert overlapping([(0, 0, 10, 10, "a"), (9, 9, 20, 20, "b"), (0, 11, 10, 20, "c")]) == [("a", "b"), ("b", "c")]


def test_every_text_is_within_its_card_and_cards_do_not_overlap(root):
    cards = list(sheets(root))
    assert overlapping(cards) == []
    for left, top, right, bottom, card in cards:
        for box in boxes(card, left, top):
            assert left < box[0] and box[2] < right and top <= box[1] and box[3] <= bottom, box[4]  # noqa: PT018


def test_everything_is_on_the_page(root):
    width, height = float(root.get("width")), float(root.get("height"))
    assert all(0 <= box[0] and box[2] <= width and 0 <= box[1] and box[3] <= height for box in boxes(root))


def test_wires_run_between_columns_and_never_behind_a_card(root):
    cards = [box[:4] for box in sheets(root)]
    for wire in root.iter(f"{SVG}path"):
        if "wire" in wire.get("class", "") and wire.get("data-from"):
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", wire.get("d"))]
            start, end = numbers[0], numbers[-1 if "H" in wire.get("d") else -2]
            assert start < end
            assert all(right <= start + 0.1 or left >= end for left, _, right, _ in cards)


def test_a_hostname_is_never_shortened():
    host = ".".join(["a" * 60, "b" * 60, "c" * 60, "example.com"])
    root = ElementTree.fromstring(svg(drawn([gateway(listeners=[(8080, "HTTP", host)])])))
    (card,) = [box[4] for box in sheets(root) if "host" in box[4].get("class").split()]
    assert "".join(box[4] for box in boxes(card)) == f"{host}:8080"


def test_what_is_shortened_is_told_in_full():
    name = "a-rather-long-name-" * 12
    given = [gateway(name=name, listeners=[(80,)])]
    assert f"{name}  MeshGateway" in svg(drawn(given))
    assert name in json.loads(data(html(drawn(given)), "about"))["nodes"]["n2"]["text"]


def test_a_backend_that_is_used_far_apart_stands_beside_its_rules():
    cards = list(sheets(ElementTree.fromstring(svg(drawn(pictured.hundred())))))
    copies = [box for box in cards if "backend" in box[4].get("class")]
    assert len(copies) > len({box[4][2].get("data-node") for box in copies}) == 12
    routes = [box for box in cards if "route" in box[4].get("class")]
    assert max(min(abs(one[1] - route[1]) for one in copies) for route in routes) < 700


# --- texts stay texts, secrets stay secrets --------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements of a page, as a browser sees them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.texts, self.inside = [], [], {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, *each) for each in attrs]
        self.inside = f"{tag}#{dict(attrs).get('id', '')}"

    def handle_data(self, data):
        self.texts[self.inside] = self.texts.get(self.inside, "") + data


def data(text, id_):
    return Page(text).texts[f"script#{id_}"]


def test_no_text_becomes_an_element_or_ends_one():
    page = Page(html(drawn(pictured.wicked())))
    assert page.elements.count("script") == 2
    known = {"html", "head", "meta", "link", "title", "style", "body", "header", "h1", "input", "button", "span", "kbd"}
    assert set(page.elements) - known == {"main", "div", "script", "svg", "rect", "g", "path", "text"}
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    about = json.loads(data(html(drawn(pictured.wicked())), "about"))
    assert pictured.WICKED in {one["text"] for one in about["nodes"].values()}


def test_no_text_ends_the_quotes_of_the_other_forms():
    wicked = drawn(pictured.wicked())
    assert ElementTree.fromstring(svg(wicked)) is not None
    quoted = re.compile(r'"[A-Za-z0-9 .,:/=()%#;<>-]*"')
    for line in mermaid(wicked).splitlines():
        assert not re.search(r'["`{}$\\&]|%%', quoted.sub("", line).replace("[(", "").replace(")]", "")), line
        assert not re.search(r"<(?!br/>)[a-z!/]|%%|[{}`&]", line), line
    for line in dot(wicked).splitlines():
        assert not re.search(r"[<>&;]", re.sub(r'"[^"]*"', "", line).replace("->", "")), line
        assert "\\" not in line.replace("\\n", "")


@pytest.mark.parametrize("form", ["svg", "html"])
def test_control_characters_and_halves_of_characters_do_no_harm(form):
    odd = "a\x00b\x1b[31m\ud800\u202e\ufffe"
    text = WRITERS[form](drawn([gateway(name=odd, listeners=[(80, "HTTP", odd)])]))
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\u202a-\u202e]", text)
    assert text.encode()


def test_the_page_is_one_file_that_asks_for_nothing():
    text = html(drawn(pictured.shop()))
    page = Page(text)
    asked = [value for tag, name, value in page.attributes if name in ("src", "href", "srcset", "data", "action")]
    assert asked == ["data:,"]
    assert not re.search(r"@import|url\(|https?://", text.replace(data(text, "about").strip(), ""))
    assert "default-src 'none'" in next(value for tag, name, value in page.attributes if name == "content")


def test_paths_and_wires_of_the_page_name_what_is_on_it(page):
    about, attributes = json.loads(data(page, "about")), Page(page).attributes
    ids = {value for _, name, value in attributes if name == "data-node"}
    assert ids == set(about["nodes"])
    assert {one for path in about["paths"].values() for one in path} | set(about["paths"]) <= ids
    assert {value for _, name, value in attributes if name in ("data-from", "data-to")} <= ids


def test_everything_on_the_page_is_reached_by_keyboard_and_named(page):
    parts = [dict(re.findall(r'([\w-]+)="([^"]*)"', said)) for said in re.findall(r"<g ([^>]*data-node[^>]*)>", page)]
    assert parts
    assert all(part["tabindex"] == "0" and part["aria-label"] and part["role"] in ("button", "img") for part in parts)
    assert {part.get("aria-pressed") for part in parts if "host" in part["class"].split()} == {"false"}


@pytest.mark.parametrize("form", WRITERS)
def test_no_secret_is_on_the_picture(form):
    given = pictured.shop()
    keys = [one.body["data"] for one in given if one.address.kind == "Secret"]
    headers = {"name": "authorization", "value": "Bearer geheim"}
    rule = {
        "matches": [{"path": {"type": "Exact", "value": "/"}, "headers": [{"type": "Exact", **headers}]}],
        "default": {
            "filters": [{"requestHeaderModifier": {"set": [{"name": "x-key", "value": "geheim"}]}}],
            "backendRefs": [],
        },
    }
    target = {"kind": "MeshGateway", "name": "edge"}
    route = document(
        type="MeshHTTPRoute",
        name="x",
        spec={"targetRef": target, "to": [{"targetRef": {"kind": "Mesh"}, "rules": [rule]}]},
    )
    text = WRITERS[form](drawn([*given, route]))
    assert "authorization = ..." in text.replace("&#39;", "'")
    assert "x-key" in text
    assert "geheim" not in text
    assert "BEGIN" not in text
    assert not [key for key in keys if key[:60] in text or key[-60:] in text]


def test_a_certificate_that_is_not_there_or_none_is_told_by_name_alone():
    given = [gateway(listeners=[(443, "HTTPS", "a.example")])]
    assert node(drawn(given), "443 HTTPS").lines == ("TLS TERMINATE", "cert")
    for said in ("bm9uZQ==", "?", None):
        secret = document(type="Secret", name="cert", data=said)
        assert node(drawn([*given, secret]), "443 HTTPS").lines == ("TLS TERMINATE", "cert")
