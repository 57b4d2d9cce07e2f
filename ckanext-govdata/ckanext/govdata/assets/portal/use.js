/* How often an entry is taken: fetched and drawn when its tab opens. */
(function (document, window) {
  "use strict";
  var box = document.querySelector("[data-gd-use]"), started = false, figures = null, chart = null;
  if (!box) { return; }
  var ground = box.querySelector(".gd-chart"), total = box.querySelector("[data-gd-total]");
  function draw() {
    chart = chart || window.echarts.init(ground);
    chart.setOption(window.gdFigures.options(figures, "line", box.dataset.downloads), true);
    chart.resize();
  }
  function start() {
    if (started) { if (chart) { chart.resize(); } return; }
    started = true;
    fetch(box.dataset.api).then(function (response) { if (!response.ok) { throw new Error(String(response.status)); } return response.json(); })
      .then(function (use) {
        figures = { labels: use.days, series: [{ name: box.dataset.downloads, values: use.downloads }] };
        total.textContent = use.downloads.reduce(function (sum, n) { return sum + n; }, 0).toLocaleString("en-US");
        window.gdFigures.table(box.querySelector("table"), figures, box.dataset.day, box.dataset.downloads);
        return window.gdFigures.load(box.dataset.library).then(draw, function () { ground.hidden = true; });
      })
      .catch(function () { total.textContent = box.dataset.failed; ground.hidden = true; });
  }
  document.addEventListener("gd:tab", function (event) { if (event.detail === "use") { start(); } });
  document.addEventListener("gd:reading", function () { if (chart) { draw(); } });
  if (window.location.hash === "#use") { start(); }
})(document, window);
