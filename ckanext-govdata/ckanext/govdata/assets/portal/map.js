/* Places of a table: points on a graticule or squares of divisions. Another host is asked only where the portal names an official service. */
(function (document, window) {
  "use strict";
  var box = document.querySelector("[data-gd-map]");
  if (!box) { return; }
  var note = box.querySelector("[data-gd-note]"), started = false, asked = 0, filter = [], map = null, layer = null, lattice = null;
  function number(n) { return n.toLocaleString("en-US"); }
  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (_, key) { return values[key]; }); }
  function token(name) { return window.gdFigures.token(name); }
  function fail() { note.textContent = box.dataset.failed; }
  function library() {
    return new Promise(function (done, broken) {
      var style = document.createElement("link"), script = document.createElement("script");
      style.rel = "stylesheet";
      style.href = box.dataset.style;
      style.onload = function () { document.head.appendChild(script); };
      style.onerror = script.onerror = broken;
      script.src = box.dataset.script;
      script.onload = done;
      document.head.appendChild(style);
    });
  }
  function ask(area) {
    var query = new URLSearchParams(filter), mine = ++asked;
    if (area) { query.set("box", area); }
    return fetch(box.dataset.api + "?" + query).then(function (response) {
      if (!response.ok) { throw new Error(String(response.status)); }
      return response.json();
    }).then(function (answer) { return mine === asked ? answer : null; });
  }

  function tiles(answer) {
    var list = box.querySelector(".gd-maptiles"), most = answer.tiles.reduce(function (top, tile) { return Math.max(top, tile.rows); }, 1);
    list.textContent = "";
    answer.tiles.forEach(function (tile) {
      var item = document.createElement("li"), name = document.createElement("b"), rows = document.createElement("span");
      name.textContent = tile.name;
      rows.textContent = fill(box.dataset.rows, { n: number(tile.rows) });
      item.style.setProperty("--share", Math.round(100 * Math.sqrt(tile.rows / most)) + "%");
      item.append(name, rows);
      list.appendChild(item);
    });
    note.textContent = answer.more ? box.dataset.more : "";
  }

  function step(width) { return [30, 10, 5, 2, 1, .5, .2, .1, .05, .02, .01, .005, .002, .001].find(function (s) { return width / s >= 3; }) || .0005; }
  function graticule() {
    lattice.clearLayers();
    var b = map.getBounds(), size = step(Math.min(b.getEast() - b.getWest(), b.getNorth() - b.getSouth()) || 1);
    var digits = Math.max(0, Math.ceil(-Math.log10(size)));
    function mark(at, text, side) {
      window.L.marker(at, { interactive: false, keyboard: false, icon: window.L.divIcon({ className: "gd-map__degree gd-map__degree--" + side, html: "", iconSize: null }) })
        .on("add", function (event) { event.target.getElement().textContent = text; }).addTo(lattice);
    }
    var i, value;
    for (i = Math.ceil(b.getWest() / size); i * size <= b.getEast(); i += 1) {
      value = i * size;
      window.L.polyline([[b.getSouth(), value], [b.getNorth(), value]], { color: token("--gd-line-2"), weight: 1, interactive: false }).addTo(lattice);
      mark([b.getSouth(), value], value.toFixed(digits) + "°E", "x");
    }
    for (i = Math.ceil(b.getSouth() / size); i * size <= b.getNorth(); i += 1) {
      value = i * size;
      window.L.polyline([[value, b.getWest()], [value, b.getEast()]], { color: token("--gd-line-2"), weight: 1, interactive: false }).addTo(lattice);
      mark([value, b.getWest()], value.toFixed(digits) + "°N", "y");
    }
  }
  function popup(text) {
    var span = document.createElement("span"); /* a cell is text, whatever it holds */
    span.textContent = text;
    return span;
  }
  function points(answer) {
    layer.clearLayers();
    var most = answer.cells.reduce(function (top, cell) { return Math.max(top, cell[2]); }, 1), ink = token("--gd-link");
    answer.points.forEach(function (point) {
      var dot = window.L.circleMarker([point[1], point[0]], { radius: 5, color: ink, weight: 1, fillColor: ink, fillOpacity: .55 });
      if (point[2]) { dot.bindPopup(popup(point[2])); }
      dot.addTo(layer);
    });
    answer.cells.forEach(function (cell) {
      window.L.circleMarker([cell[1], cell[0]], { radius: 4 + 16 * Math.sqrt(cell[2] / most), color: ink, weight: 1, fillColor: ink, fillOpacity: .4 })
        .bindPopup(popup(fill(box.dataset.rows, { n: number(cell[2]) }))).addTo(layer);
    });
    note.textContent = fill(box.dataset.said, { inside: number(answer.inside) }) + (answer.outside ? "；" + fill(box.dataset.outside, { outside: number(answer.outside) }) : "");
  }
  function bounds() {
    var b = map.getBounds();
    return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map(function (n, i) { return Math.max(i % 2 ? -90 : -180, Math.min(i % 2 ? 90 : 180, n)).toFixed(5); }).join(",");
  }
  function first(answer) {
    if (!answer) { return; }
    if (!answer.box) { points(answer); return; }
    map = window.L.map(box.querySelector(".gd-map"), { preferCanvas: true, attributionControl: !!box.dataset.tiles, zoomControl: false, maxZoom: 18, minZoom: 3, worldCopyJump: false });
    window.L.control.zoom({ position: "topright", zoomInTitle: box.dataset.zoomin, zoomOutTitle: box.dataset.zoomout }).addTo(map);
    if (map.attributionControl) { map.attributionControl.setPrefix(false); }
    layer = window.L.layerGroup();
    if (box.dataset.tiles) {
      [box.dataset.tiles, box.dataset.labels].filter(Boolean).forEach(function (address) { window.L.tileLayer(address, { attribution: box.dataset.attribution, maxZoom: 18 }).addTo(map); });
    } else { lattice = window.L.layerGroup().addTo(map); }
    var b = answer.box;
    map.fitBounds([[b[1], b[0]], [b[3], b[2]]], { padding: [24, 24], animate: false });
    layer.addTo(map);
    points(answer);
    if (lattice) { graticule(); }
    map.on("moveend", function () {
      if (lattice) { graticule(); }
      ask(bounds()).then(function (fresh) { if (fresh) { points(fresh); } }).catch(fail);
    });
  }
  function start() {
    if (started) { if (map) { map.invalidateSize(); } return; }
    started = true;
    if (!box.dataset.points) { ask("").then(function (answer) { if (answer) { tiles(answer); } }).catch(fail); return; }
    if (!box.dataset.script) { fail(); return; }
    library().then(function () { return ask(""); }).then(first).catch(fail);
  }
  document.addEventListener("gd:tab", function (event) { if (event.detail === "map") { start(); } });
  document.addEventListener("gd:filter", function (event) {
    filter = event.detail;
    if (!started) { return; }
    ask(map ? bounds() : "").then(function (answer) { if (answer) { (box.dataset.points ? (map ? points : first) : tiles)(answer); } }).catch(fail);
  });
  document.addEventListener("gd:reading", function () { if (map && lattice) { graticule(); map.fire("moveend"); } });
  if (window.location.hash === "#map") { start(); }
})(document, window);
