/* Numbers that change by the minute fetch themselves, so that the page around them can be kept; charts are drawn from tables. */
(function (document, window) {
  "use strict";
  var live = document.querySelectorAll("[data-gd-now]");
  if (live.length) {
    fetch(live[0].dataset.gdApi).then(function (response) { if (!response.ok) { throw new Error(String(response.status)); } return response.json(); })
      .then(function (now) {
        live.forEach(function (place) { place.textContent = Number(now[place.dataset.gdNow]).toLocaleString("en-US"); });
      })
      .catch(function () { live.forEach(function (place) { place.textContent = "—"; }); });
  }
  document.querySelectorAll("[data-gd-part]").forEach(function (place) {
    fetch(place.dataset.gdPart).then(function (response) { if (!response.ok) { throw new Error(String(response.status)); } return response.text(); })
      .then(function (list) { place.innerHTML = list; /* our own page's list, escaped by the server */ })
      .catch(function () { place.textContent = "—"; });
  });
  var boxes = Array.prototype.slice.call(document.querySelectorAll("[data-gd-figure]")), drawn = [];
  if (!boxes.length || !window.gdFigures) { return; }
  function read(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows), heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    return {
      labels: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      series: heads.slice(1).map(function (head, at) {
        return { name: head.textContent.trim(), values: rows.map(function (row) { return Number(row.cells[at + 1].dataset.value); }) };
      })
    };
  }
  function draw(box) {
    window.gdFigures.load(box.dataset.library).then(function () {
      var figures = read(document.getElementById(box.dataset.gdFigure));
      if (!figures.labels.length) { box.hidden = true; return; }
      var chart = window.echarts.getInstanceByDom(box) || window.echarts.init(box);
      chart.setOption(window.gdFigures.options(figures, box.dataset.kind, figures.series[0].name), true);
      if (drawn.indexOf(chart) < 0) { drawn.push(chart); }
    }, function () { box.hidden = true; /* the table beside it says the same */ });
  }
  if (!window.IntersectionObserver) { boxes.forEach(draw); } else {
    var watch = new IntersectionObserver(function (seen) {
      seen.forEach(function (one) { if (one.isIntersecting) { watch.unobserve(one.target); draw(one.target); } });
    }, { rootMargin: "200px" });
    boxes.forEach(function (box) { watch.observe(box); });
  }
  document.addEventListener("gd:reading", function () { boxes.forEach(function (box) { if (window.echarts && window.echarts.getInstanceByDom(box)) { draw(box); } }); });
  window.addEventListener("resize", function () { drawn.forEach(function (chart) { chart.resize(); }); });
})(document, window);
