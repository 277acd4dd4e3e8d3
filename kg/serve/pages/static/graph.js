// The neighbours of an entity as a graph. The list below it says the same.
(() => {
  "use strict";
  const box = document.getElementById("graph");
  if (!box || !window.cytoscape) return;
  const data = JSON.parse(document.getElementById("graph-data").textContent);
  const root = document.body.dataset.root || "";
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const kinds = ["PER", "LOC", "ORG", "EVT", "PROD", "FAC", "NORP"];
  const style = () => [
    { selector: "node", style: { label: "data(label)", "font-family": "Source Sans 3", "font-size": 12, color: css("--ink"), "text-outline-color": css("--card"), "text-outline-width": 3,
      "text-valign": "bottom", "text-margin-y": 4, width: "data(size)", height: "data(size)", "background-color": css("--soft"), "text-wrap": "ellipsis", "text-max-width": 120 } },
    ...kinds.map((kind) => ({ selector: `node[kind = "${kind}"]`, style: { "background-color": css(`--${kind}`) } })),
    { selector: "node[?self]", style: { "font-weight": 700, "border-width": 3, "border-color": css("--accent") } },
    { selector: "edge", style: { width: "data(width)", "line-color": css("--rule"), "curve-style": "bezier", label: "data(label)", "font-size": 9, color: css("--soft"), "text-rotation": "autorotate",
      "text-outline-color": css("--card"), "text-outline-width": 2, "text-opacity": 0 } },
    { selector: "edge.near, edge:selected", style: { "text-opacity": 1, "line-color": css("--accent") } },
  ];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const graph = cytoscape({
    container: box, elements: data, style: style(), minZoom: 0.3, maxZoom: 2.5, userZoomingEnabled: false,
    layout: { name: "cose", animate: false, nodeRepulsion: 90000, idealEdgeLength: 85, padding: 24, randomize: false, nodeOverlap: 24 },
  });
  // The layout is fitted into the box: letters get their size back.
  const zoom = graph.zoom();
  graph.style().selector("node").style({ "font-size": 13 / zoom, "text-outline-width": 3 / zoom, "text-max-width": 190 / zoom, "text-margin-y": 3 / zoom }).selector("edge").style({ "font-size": 11 / zoom, "text-outline-width": 2 / zoom }).update();
  graph.on("mouseover", "node", (event) => { event.target.connectedEdges().addClass("near"); box.style.cursor = "pointer"; });
  graph.on("mouseout", "node", (event) => { event.target.connectedEdges().removeClass("near"); box.style.cursor = ""; });
  graph.on("tap", "node", (event) => { const href = event.target.data("href"); if (href && !event.target.data("self")) location.assign(root + href); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(style()));
  box.dataset.ready = still ? "still" : "moving";
})();
