/* The wall screen renews itself: numbers, table and two charts come from one answer; a failed one says so and is tried again. */
(function (document, window) {
  "use strict";
  var wall = document.querySelector("[data-gs-wall]");
  if (!wall || !window.gdFigures) { return; }
  var EVERY = 15000, LAMPS = ["red", "yellow", "green", "paused"], SHOWN = 12, language = wall.dataset.language;
  var fault = wall.querySelector("[data-gs-fault]"), time = wall.querySelector("[data-gs-time]"), charts = [];
  var words = Array.prototype.map.call(wall.querySelectorAll(".gs-wall__lamp span"), function (one) { return one.textContent; });
  var colours = ["#ff8a80", "#f0c065", "#7fd39b", "#9aa6b5"], ink = "#d9e2ee", line = "#33465f";
  function number(value) { return Number(value).toLocaleString("en-US"); }
  function rows(board) {
    var body = wall.querySelector("[data-gs-rows]");
    body.textContent = "";
    board.departments.slice(0, SHOWN).forEach(function (row) {
      var tr = body.insertRow(), head = document.createElement("th");
      head.scope = "row";
      head.textContent = row.title[language];
      tr.appendChild(head);
      LAMPS.forEach(function (lamp) { var cell = tr.insertCell(); cell.className = "gs-n--" + lamp; cell.textContent = row.counts[lamp] ? number(row.counts[lamp]) : ""; });
    });
  }
  function chart(place, option) {
    var drawn = window.echarts.getInstanceByDom(place) || window.echarts.init(place);
    option.animation = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    option.textStyle = { color: ink, fontSize: 16 };
    option.color = option.color || colours;
    option.tooltip = { trigger: "axis" };
    option.legend = { textStyle: { color: ink, fontSize: 16 } };
    option.grid = { left: 8, right: 24, top: 40, bottom: 8, containLabel: true };
    drawn.setOption(option);
    if (charts.indexOf(drawn) < 0) { charts.push(drawn); }
  }
  function axes(labels, turned) {
    var names = { type: "category", data: labels, inverse: turned, axisLabel: { color: ink, fontSize: 15, hideOverlap: true }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
    var values = { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } };
    return turned ? { xAxis: values, yAxis: names } : { xAxis: names, yAxis: values };
  }
  function draw(board) {
    window.gdFigures.load(wall.dataset.library).then(function () {
      var kinds = axes(board.kinds.map(function (one) { return one.name[language]; }), true);
      kinds.series = LAMPS.map(function (lamp, i) { return { type: "bar", stack: "all", name: words[i], barMaxWidth: 26, data: board.kinds.map(function (one) { return one.counts[lamp]; }) }; });
      chart(wall.querySelector("[data-gs-kinds]"), kinds);
      var place = wall.querySelector("[data-gs-weeks]"), weeks = axes(board.weeks.map(function (one) { return one.day.slice(5); }), false);
      weeks.color = ["#8bb8f0", colours[0]];
      weeks.series = [["running", place.dataset.running], ["overdue", place.dataset.overdue]].map(function (one, i) { return { type: "line", name: one[1], symbolSize: 8, lineStyle: { width: 3, type: i ? "dashed" : "solid" }, data: board.weeks.map(function (week) { return week[one[0]]; }) }; });
      chart(place, weeks);
    }, function () { /* the numbers and the table say the same */ });
  }
  function show(board) {
    LAMPS.forEach(function (lamp) { wall.querySelector('[data-gs-total="' + lamp + '"]').textContent = number(board.total[lamp]); });
    wall.querySelector("[data-gs-day]").textContent = board.day || "";
    time.textContent = new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
    rows(board);
    draw(board);
  }
  function renew() {
    fetch(wall.dataset.gsWall, { credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .then(function (board) { fault.hidden = true; show(board); })
      .catch(function () { fault.hidden = false; })
      .then(function () { window.setTimeout(renew, EVERY); });
  }
  window.addEventListener("resize", function () { charts.forEach(function (one) { one.resize(); }); });
  renew();
})(document, window);
