// Draws the graphs of the course: reads the boxes and arrows that stand in the page, has dagre find their places, and
// makes pictures of them whose boxes are links, so that they can be walked by keyboard and read out.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 168, LINK = 150, LINE = 13, PAD = 7;
  const SIGN = { inject: "✉", decision: "?", option: "▸", lapse: "∅", consequence: "●", clock: "◷", link: "" };
  const WORD = {
    inject: "inject", decision: "decision", option: "option", lapse: "lapse", consequence: "consequence", clock: "time",
    link: "elsewhere",
  };
  const pen = document.createElement("canvas").getContext("2d");

  function make(name, attributes, parent) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (parent) parent.appendChild(element);
    return element;
  }

  function folded(text, width, most) {
    const lines = [];
    let line = "";
    for (const word of text.split(/\s+/)) {
      const longer = line ? line + " " + word : word;
      if (line && pen.measureText(longer).width > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
    if (lines.length > most) {
      lines.length = most;
      lines[most - 1] += " …";
    }
    return lines.map((each) => {
      while (each.length > 4 && pen.measureText(each).width > width) each = each.slice(0, -2) + "…";
      return each;
    });
  }

  function percent(courses, all) {
    if (!courses) return "never";
    const share = Math.round((100 * courses) / all);
    return courses === all ? "always" : Math.min(99, Math.max(1, share)) + "%";
  }

  function draw(figure, data) {
    pen.font = "11px system-ui, sans-serif";
    const graph = new dagre.graphlib.Graph();
    graph.setGraph({ rankdir: "LR", nodesep: 10, ranksep: 42, edgesep: 6, marginx: 6, marginy: 6 });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const node of data.nodes) {
      const small = node.kind === "link" || node.kind === "clock";
      const wide = small ? LINK : WIDTH;
      node.lines = folded((SIGN[node.kind] + " " + node.text).trim(), wide - 2 * PAD, 3);
      node.counted = !small;
      if (node.counted) node.lines.push(percent(node.courses, data.courses));
      graph.setNode(node.id, { width: wide, height: node.lines.length * LINE + 2 * PAD - 3 });
    }
    for (const edge of data.edges) graph.setEdge(edge.from, edge.to);
    dagre.layout(graph);
    const size = graph.graph();
    const wide = Math.ceil(size.width), high = Math.ceil(size.height);
    const svg = make("svg", {
      viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, role: "group", "aria-label": figure.dataset.name,
    });
    for (const edge of data.edges) {
      const [first, ...rest] = graph.edge(edge.from, edge.to).points;
      const turns = rest.slice(0, -1), end = rest[rest.length - 1];
      let path = `M${first.x},${first.y}`;
      turns.forEach((turn, n) => {
        const next = turns[n + 1] || end;
        const to = n === turns.length - 1 ? end : { x: (turn.x + next.x) / 2, y: (turn.y + next.y) / 2 };
        path += `Q${turn.x},${turn.y} ${to.x},${to.y}`;
      });
      if (!turns.length) path += `L${end.x},${end.y}`;
      const width = edge.courses ? 0.8 + 5 * (edge.courses / data.courses) : 1;
      make("path", { d: path, class: edge.courses ? "edge" : "edge dead", "stroke-width": width.toFixed(2) }, svg);
    }
    const inOrder = [...data.nodes].sort((a, b) => {
      const one = graph.node(a.id), other = graph.node(b.id);
      return one.x - other.x || one.y - other.y;
    });
    for (const node of inOrder) {
      const place = graph.node(node.id);
      const left = place.x - place.width / 2, top = place.y - place.height / 2;
      const said = `${WORD[node.kind]}: ${node.text}, ${percent(node.courses, data.courses)}`;
      const link = make("a", { href: node.href, class: `node ${node.kind}${node.dead ? " dead" : ""}`, "aria-label": said }, svg);
      make("title", {}, link).textContent = said;
      make("rect", { x: left, y: top, width: place.width, height: place.height, rx: node.kind === "decision" ? 0 : 5 }, link);
      node.lines.forEach((line, n) => {
        const counted = node.counted && n === node.lines.length - 1;
        make("text", {
          x: left + PAD, y: top + PAD + 8 + n * LINE, class: counted ? "count" : "",
        }, link).textContent = line;
      });
    }
    figure.replaceChildren(svg);
  }

  function drawAll() {
    const all = JSON.parse(document.getElementById("graphs").textContent);
    for (const data of all) {
      const figure = document.querySelector(`[data-graph="${data.anchor}"]`);
      try {
        draw(figure, data);
      } catch (error) {
        figure.textContent = "This graph could not be drawn here; the list below says the same.";
      }
    }
  }

  function openTo(target) {
    for (let around = target; around; around = around.parentElement) {
      if (around.tagName === "DETAILS") around.open = true;
    }
  }

  function openHere() {
    openTo(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  }

  drawAll();
  // A box leads into a list that is folded away: it is opened first, so that there is somewhere to go.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) openTo(document.getElementById(link.getAttribute("href").slice(1)));
  });
  window.addEventListener("hashchange", openHere);
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll(".graph details, details.fold")) folded.open = true;
  });
  openHere();
})();
