"""The page of a picture in a real browser: everything is seen, nothing overlaps, and it does what it says."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from pulumi_mesh.ingress.findings import findings
from pulumi_mesh.ingress.picture import picture
from pulumi_mesh.ingress.picture.html import html
from pulumi_mesh.schema.finding import Known
from tests.ingress import pictured

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-headless-shell", "google-chrome"))), None)
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--window-size=1800,1200", "--virtual-time-budget=4000", "--dump-dom"),
]
PROBE = """
<script>
const seen = (all) => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 0);
const nodes = [...document.querySelectorAll(".node")];
const named = (text) => nodes.find((node) => about[node.dataset.node].text === text);
const about = JSON.parse(document.getElementById("about").textContent).nodes;
const bright = () => nodes.filter((node) => !node.classList.contains("dim")).map((node) => about[node.dataset.node].text);
const found = { overlaps: [], hosts: {}, fonts: getComputedStyle(document.querySelector("text")).fontFamily };
const boxes = seen([...document.querySelectorAll("svg text")]).map((text) => [text.getBoundingClientRect(), text.textContent]);
boxes.forEach(([one, text], index) => boxes.slice(index + 1).forEach(([other, beside]) => {
  if (one.left < other.right && other.left < one.right && one.top + 2 < other.bottom && other.top + 2 < one.bottom)
    found.overlaps.push([text, beside]);
}));
for (const node of nodes.filter((node) => node.classList.contains("host")))
  found.hosts[about[node.dataset.node].text] = seen([...node.querySelectorAll("text")]).map((one) => one.textContent).join("");
const host = named(HOST), told = document.getElementById("told"), search = document.getElementById("search");
host.dispatchEvent(new FocusEvent("focus"));  // a page that is not in front has none
found.told = told.hidden ? "" : told.textContent;
host.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
found.path = bright();
const ends = new Set([...document.querySelectorAll(".wire:not(.dim)")].map((wire) => wire.dataset.spot));
found.stray = nodes.filter((node) => node.dataset.spot && !node.classList.contains("dim") && !ends.has(node.dataset.spot)).length;
found.pressed = host.getAttribute("aria-pressed");
document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
found.all = bright().length === nodes.length;
search.value = "API canary";
search.dispatchEvent(new Event("input"));
found.searched = bright();
found.status = document.getElementById("status").textContent;
const pre = document.body.appendChild(document.createElement("pre"));
pre.id = "probe";
pre.textContent = JSON.stringify(found);
</script>
"""


@pytest.fixture(scope="module", params=["shop", "hundred"])
def page(request, tmp_path_factory) -> dict[str, Any]:
    """What a browser says of a page."""
    if CHROMIUM is None:
        pytest.skip("no chromium on PATH; what can be told without a browser is told by test_picture.py")
    given = getattr(pictured, request.param)()
    text = html(picture(given, findings(Known(given))))
    host = {"shop": "shop.example:8443", "hundred": "host-001.example.com:80"}[request.param]
    folder = tmp_path_factory.mktemp("page")
    probed = re.sub(r"<meta http-equiv[^>]*>", "", text).replace(
        "</body>", PROBE.replace("HOST", json.dumps(host)) + "</body>"
    )
    (folder / "page.html").write_text(probed)
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = re.search(r'<pre id="probe">(.*?)</pre>', ran.stdout, re.DOTALL)
    assert found, ran.stderr[-2000:]
    said = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return {"name": request.param, **json.loads(said)}


def test_no_label_overlaps_another(page):
    assert page["overlaps"] == []


def test_every_hostname_is_seen_in_full(page):
    assert len(page["hosts"]) == {"shop": 5, "hundred": 52}[page["name"]]
    for host, seen in page["hosts"].items():
        assert seen.startswith(host)


def test_a_hostname_is_told_of_and_its_path_is_shown_alone_by_the_keyboard(page):
    assert page["pressed"] == "true"
    assert page["all"]
    assert page["stray"] == 0, "a backend that stands in several places is bright where the path leads to it"
    if page["name"] == "shop":
        assert "https://shop.example:8443" in page["told"]
        assert {"shop.example:8443", "8443 HTTPS", "api", "web", "api-v2"} <= set(page["path"])
        assert not {"shop.example:8080", "8080 HTTP", "vault", "kong"} & set(page["path"])


def test_the_search_shows_what_has_all_of_its_words_and_the_head_of_its_card(page):
    found = ["canary", "PathPrefix /api and header x-canary = 1"] if page["name"] == "shop" else []
    assert page["searched"] == found
    assert page["status"] == f"{len(found[1:])} found"
