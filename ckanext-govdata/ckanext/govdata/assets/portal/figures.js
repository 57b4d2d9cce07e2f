/* What every chart of the site shares: the library is fetched when the first one is needed, colours are the tokens'. */
(function (document, window) {
  "use strict";
  var library = null;
  function token(name) { return window.getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function load(address) {
    library = library || new Promise(function (done, broken) {
      if (window.echarts) { done(); return; }
      if (!address) { broken(new Error("no library")); return; }
      var script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = broken;
      document.head.appendChild(script);
    });
    return library;
  }
  function colours() {
    var dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
    /* told apart by lightness too, for eyes that do not see the hues */
    return dark ? ["#8bb8f0", "#e3c164", "#7fd39b", "#ff9c93", "#c3a6f5", "#6fd3d8", "#f3b183", "#b6c0cd"]
      : ["#1257a6", "#c9862b", "#1d6b3a", "#b3261e", "#6a4fb3", "#1a8489", "#8a5a00", "#5f6c7d"];
  }
  function number(value) { return value === null || value === undefined ? "" : Number(value).toLocaleString("en-US", { maximumFractionDigits: 4 }); }
  function options(figures, kind, name) {
    var ink = token("--gd-ink-2"), line = token("--gd-line-1"), many = figures.labels.length > 30, split = figures.series.length > 1;
    var turned = kind === "bar" && !many && figures.labels.length > 5 && figures.labels.some(function (label) { return String(label).length > 6; });
    var names = { type: "category", data: figures.labels, inverse: turned, axisLabel: { color: ink, hideOverlap: true, width: turned ? 160 : undefined, overflow: "truncate" }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
    var whole = figures.series.every(function (one) { return one.values.every(function (value) { return value === null || value % 1 === 0; }); });
    var values = { type: "value", minInterval: whole ? 1 : 0, name: turned ? "" : name, nameTextStyle: { color: ink, align: "left" }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } };
    return {
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      color: colours(),
      textStyle: { color: ink, fontFamily: token("--gd-font") },
      grid: { left: 16, right: 24, top: split ? 64 : 40, bottom: many ? 56 : 16, containLabel: true },
      legend: split ? { top: 8, type: "scroll", textStyle: { color: ink }, pageTextStyle: { color: ink } } : undefined,
      tooltip: { trigger: "axis", backgroundColor: token("--gd-raised"), borderColor: line, textStyle: { color: token("--gd-ink") }, valueFormatter: number },
      dataZoom: many ? [{ type: "slider", height: 20, bottom: 12 }] : [],
      xAxis: turned ? values : names,
      yAxis: turned ? names : values,
      series: figures.series.map(function (one, i) {
        return { type: kind, name: one.name || name, data: one.values, symbolSize: 5, showSymbol: figures.labels.length <= 30, barMaxWidth: 32, lineStyle: { type: ["solid", "dashed", "dotted"][i % 3] }, connectNulls: true };
      })
    };
  }
  function table(target, figures, axis, name) {
    target.textContent = "";
    var head = target.createTHead().insertRow();
    [axis].concat(figures.series.map(function (one) { return one.name || name; })).forEach(function (text, i) {
      var cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      if (i) { cell.className = "gd-r"; }
      head.appendChild(cell);
    });
    var body = target.createTBody();
    figures.labels.forEach(function (label, at) {
      var row = body.insertRow(), first = document.createElement("th");
      first.scope = "row";
      first.textContent = label;
      row.appendChild(first);
      figures.series.forEach(function (one) { var cell = row.insertCell(); cell.className = "gd-r gd-num"; cell.textContent = number(one.values[at]); });
    });
  }
  window.gdFigures = { load: load, options: options, table: table, token: token };
})(document, window);
