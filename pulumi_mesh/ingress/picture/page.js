"use strict";
(() => {
  const about = JSON.parse(document.getElementById("about").textContent);
  const one = (id) => document.getElementById(id);
  const picture = document.querySelector("svg.picture");
  const search = one("search"), status = one("status"), all = one("all"), told = one("told");
  const nodes = [...picture.querySelectorAll(".node")];
  const cards = [...picture.querySelectorAll(".card")];
  const wires = [...picture.querySelectorAll(".wires path")];
  const id = (node) => node.dataset.node;
  const head = (node) => id(node.parentNode.querySelector(".node"));
  let host = "";

  // What is dimmed: all that is not on the path of the chosen hostname, and all that is not what is searched for. Of a
  // backend that stands in several places, those stay bright that a bright wire leads to.
  const draw = () => {
    const path = host ? new Set(about.paths[host]) : null;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hit = (node) => words.every((word) => about.nodes[id(node)].search.includes(word));
    const bright = new Set(), found = new Set();
    for (const node of nodes) {
      if (words.length && hit(node)) found.add(id(node)).add(head(node));
      if (!path || path.has(id(node))) bright.add(id(node));
    }
    const seen = words.length ? new Set([...bright].filter((one) => found.has(one))) : bright;
    const ends = new Set();
    for (const wire of wires) {
      const lit = seen.has(wire.dataset.from) && seen.has(wire.dataset.to);
      wire.classList.toggle("dim", !lit);
      if (lit) ends.add(wire.dataset.spot);
    }
    for (const node of nodes) {
      const elsewhere = path && node.dataset.spot && !ends.has(node.dataset.spot);
      node.classList.toggle("dim", !seen.has(id(node)) || Boolean(elsewhere));
      node.classList.toggle("found", words.length > 0 && seen.has(id(node)) && hit(node));
      if (node.hasAttribute("aria-pressed")) node.setAttribute("aria-pressed", String(id(node) === host));
    }
    for (const card of cards) {
      const none = [...card.querySelectorAll(".node")].every((node) => node.classList.contains("dim"));
      for (const part of card.children) if (!part.classList.contains("node")) part.classList.toggle("dim", none);
    }
    all.hidden = !host && !words.length;
    const what = host ? `the path of ${about.nodes[host].text}` : "";
    const count = words.length ? `${new Set(nodes.filter((node) => node.classList.contains("found")).map(id)).size} found` : "";
    status.textContent = [what, count].filter(Boolean).join(", ");
  };

  const choose = (to) => {
    host = to === host ? "" : to;
    history.replaceState(null, "", host ? `#${encodeURIComponent(about.nodes[host].text)}` : location.pathname + location.search);
    draw();
  };

  const clear = () => {
    search.value = "";
    host = host ? (choose(host), "") : "";
    draw();
  };

  // What is told of a thing, beside it.
  const add = (to, tag, text, kind) => {
    const made = to.appendChild(document.createElement(tag));
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  const tell = (node) => {
    const said = about.nodes[id(node)];
    told.replaceChildren();
    add(add(told, "h2", said.text), "small", said.caption);
    for (const line of said.lines) add(told, "p", line);
    const facts = add(told, "dl", "");
    for (const [name, fact] of said.facts) {
      add(facts, "dt", name);
      add(facts, "dd", fact);
    }
    for (const found of said.findings) add(told, "p", `${found.path ? found.path + ": " : ""}${found.message} [${found.code}]`, found.severity);
    told.hidden = false;
    const at = node.getBoundingClientRect(), size = told.getBoundingClientRect();
    const below = at.bottom + 8 + size.height < innerHeight;
    told.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    told.style.top = `${Math.max(8, below ? at.bottom + 8 : at.top - size.height - 8)}px`;
    for (const wire of wires) wire.classList.toggle("lit", [wire.dataset.from, wire.dataset.to].includes(id(node)));
  };

  const hush = () => {
    told.hidden = true;
    for (const wire of wires) wire.classList.remove("lit");
  };

  // Arrow keys: up and down to what stands beside, left and right along the wires.
  const go = (node, key) => {
    const along = { ArrowRight: ["from", "to"], ArrowLeft: ["to", "from"] }[key];
    if (!along) return nodes[nodes.indexOf(node) + (key === "ArrowDown" ? 1 : -1)];
    const family = [...node.parentNode.querySelectorAll(".node")].map(id);
    const lit = wires.filter((wire) => !wire.classList.contains("dim"));
    const wire = lit.find((wire) => wire.dataset[along[0]] === id(node)) || lit.find((wire) => family.includes(wire.dataset[along[0]]));
    const there = nodes.filter((other) => wire && id(other) === wire.dataset[along[1]]);
    return there.find((other) => other.dataset.spot === wire.dataset.spot) || there[0];
  };

  for (const node of nodes) {
    node.addEventListener("pointerenter", () => tell(node));
    node.addEventListener("pointerleave", hush);
    node.addEventListener("focus", () => tell(node));
    node.addEventListener("blur", hush);
    node.addEventListener("click", () => id(node) in about.paths && choose(id(node)));
    node.addEventListener("keydown", (event) => {
      if (["Enter", " "].includes(event.key) && id(node) in about.paths) choose(id(node));
      else if (event.key.startsWith("Arrow")) go(node, event.key)?.focus();
      else return;
      event.preventDefault();
    });
  }
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") nodes.find((node) => node.classList.contains("found"))?.focus();
  });
  all.addEventListener("click", clear);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  const asked = decodeURIComponent(location.hash.slice(1));
  host = Object.keys(about.paths).find((host) => about.nodes[host].text === asked) || "";
  draw();
})();
