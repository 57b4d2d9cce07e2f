/* The chart of one numeric column. The library is fetched when the tab is first opened, not before. */
(function (document, window) {
  "use strict";
  var box = document.querySelector("[data-gd-chart]");
  if (!box) { return; }
  var LIMIT = 500;
  var ground = box.querySelector(".gd-chart");
  var note = box.querySelector("[data-gd-note]");
  var chart = null, started = false, asked = 0;
  function el(id) { return document.getElementById(id); }
  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function fail() { note.textContent = box.dataset.failed; }

  function library() {
    return new Promise(function (done, broken) {
      if (window.echarts) { done(); return; }
      var script = document.createElement("script");
      script.src = box.dataset.library;
      script.onload = done;
      script.onerror = broken;
      document.head.appendChild(script);
    });
  }
  function quoted(name) { return '"' + name.replace(/"/g, '""') + '"'; }
  function draw() {
    var y = el("chart-y").value, x = el("chart-x").value, kind = el("chart-kind").value, mine = ++asked;
    var query = {
      resource_id: box.dataset.resource, limit: LIMIT,
      sort: el("chart-order").value === "value" ? quoted(y) + " desc nulls last" : "_id asc"
    };
    fetch(box.dataset.api + "?" + new URLSearchParams(query))
      .then(function (response) { if (!response.ok) { throw new Error(String(response.status)); } return response.json(); })
      .then(function (answer) {
        if (mine !== asked) { return; }
        var rows = answer.result.records, total = answer.result.total;
        note.textContent = total > rows.length
          ? box.dataset.rest.replace("{n}", rows.length.toLocaleString("en-US")).replace("{total}", total.toLocaleString("en-US")) : "";
        if (!chart) { chart = window.echarts.init(ground); }
        var ink = token("--gd-ink-2"), line = token("--gd-line-1");
        chart.setOption({
          animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
          color: [token("--gd-blue")],
          textStyle: { color: ink, fontFamily: token("--gd-font") },
          grid: { left: 16, right: 24, top: 40, bottom: rows.length > 30 ? 56 : 24, containLabel: true },
          tooltip: { trigger: kind === "scatter" ? "item" : "axis", backgroundColor: token("--gd-raised"), borderColor: line, textStyle: { color: token("--gd-ink") } },
          dataZoom: rows.length > 30 ? [{ type: "slider", height: 20, bottom: 12 }] : [],
          xAxis: { type: "category", data: rows.map(function (row) { return row[x] === null ? "" : String(row[x]); }), axisLabel: { color: ink, hideOverlap: true }, axisLine: { lineStyle: { color: line } } },
          yAxis: { type: "value", name: el("chart-y").selectedOptions[0].textContent, nameTextStyle: { color: ink, align: "left" }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } },
          series: [{ type: kind, name: el("chart-y").selectedOptions[0].textContent, data: rows.map(function (row) { return row[y] === null ? null : Number(row[y]); }), symbolSize: kind === "line" ? 4 : 8, barMaxWidth: 36 }]
        }, true);
        chart.resize();
      })
      .catch(function () { if (mine === asked) { fail(); } });
  }
  function start() {
    if (started) { if (chart) { chart.resize(); } return; }
    started = true;
    if (!box.dataset.library) { fail(); return; }
    library().then(draw, fail);
  }
  document.addEventListener("gd:tab", function (event) { if (event.detail === "chart") { start(); } });
  document.addEventListener("gd:reading", function () { if (chart) { draw(); } });
  box.addEventListener("change", draw);
  window.addEventListener("resize", function () { if (chart) { chart.resize(); } });
  if (!box.closest("[hidden]") && window.location.hash === "#chart") { start(); }
})(document, window);
