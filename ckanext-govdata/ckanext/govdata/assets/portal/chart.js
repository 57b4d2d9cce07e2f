/* The chart of a table: the reader chooses, the server aggregates over all rows that fit the filter. */
(function (document, window) {
  "use strict";
  var box = document.querySelector("[data-gd-chart]");
  if (!box) { return; }
  var form = box.querySelector("[data-gd-chartform]"), ground = box.querySelector(".gd-chart"), note = box.querySelector("[data-gd-note]");
  var chart = null, started = false, asked = 0, filter = [], last = null;
  function chosen(name) { return form.elements[name].selectedOptions[0]; }
  function fit() {
    var kind = chosen("x").dataset.kind;
    box.querySelector("[data-gd-step]").hidden = kind !== "day" && kind !== "moment";
    form.elements.fold.disabled = !form.elements.y.value;
  }
  function words() {
    var counted = !form.elements.y.value || form.elements.fold.value === "count";
    return counted ? box.dataset.rows : chosen("y").textContent + " · " + chosen("fold").textContent;
  }
  function show() {
    var caption = words() + " — " + chosen("x").textContent + (form.elements.by.value ? " × " + chosen("by").textContent : "");
    box.querySelector("[data-gd-caption]").textContent = caption;
    ground.setAttribute("aria-label", caption);
    note.textContent = !last.labels.length ? box.dataset.nothing : [filter.length ? box.dataset.filtered : "", last.more ? box.dataset.more : ""].join(" ").trim();
    if (!chart) { chart = window.echarts.init(ground); }
    chart.setOption(window.gdFigures.options(last, form.elements.kind.value, words()), true);
    chart.resize();
    window.gdFigures.table(box.querySelector(".gd-figuretable table"), last, chosen("x").textContent, words());
  }
  function draw() {
    var mine = ++asked, query = new URLSearchParams(filter);
    ["x", "y", "fold", "by", "kind", "top"].forEach(function (name) { query.set(name, form.elements[name].value); });
    if (!form.elements.y.value) { query.set("fold", "count"); }
    if (!box.querySelector("[data-gd-step]").hidden) { query.set("step", form.elements.step.value); }
    box.setAttribute("aria-busy", "true");
    fetch(box.dataset.api + "?" + query)
      .then(function (response) { return response.json().then(function (answer) { if (!response.ok) { throw answer.error || {}; } return answer; }); })
      .then(function (answer) { if (mine === asked) { last = answer; show(); } })
      .catch(function (error) {
        if (mine !== asked) { return; }
        var said = error.message && error.message[document.documentElement.lang.slice(0, 2)];
        note.textContent = said || box.dataset.failed;
      })
      .then(function () { if (mine === asked) { box.removeAttribute("aria-busy"); } });
  }
  function start() {
    if (started) { if (chart) { chart.resize(); } return; }
    started = true;
    fit();
    window.gdFigures.load(box.dataset.library).then(draw, function () { note.textContent = box.dataset.failed; });
  }
  document.addEventListener("gd:tab", function (event) { if (event.detail === "chart") { start(); } });
  document.addEventListener("gd:filter", function (event) { filter = event.detail; if (started) { draw(); } });
  document.addEventListener("gd:reading", function () { if (chart && last) { show(); } });
  form.addEventListener("change", function () { fit(); draw(); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("resize", function () { if (chart) { chart.resize(); } });
  if (window.location.hash === "#chart") { start(); }
})(document, window);
