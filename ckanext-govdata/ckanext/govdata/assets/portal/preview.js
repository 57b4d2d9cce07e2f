/* The preview table: the server sends the first page, the DataStore answers every further question. */
(function (document) {
  "use strict";
  var box = document.querySelector("[data-gd-preview]");
  if (!box) { return; }
  var page = Number(box.dataset.page), total = Number(box.dataset.total);
  var state = { offset: 0, sort: "", column: "", value: "" };
  var heads = Array.prototype.slice.call(box.querySelectorAll("thead th"));
  var columns = heads.map(function (head) { return head.dataset.column; });
  var body = box.querySelector("tbody");
  var form = box.querySelector("[data-gd-filter]");
  var hidden = {};
  var asked = 0;

  function number(n) { return n.toLocaleString("en-US"); }
  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (_, key) { return values[key]; }); }
  function say() {
    var shown = body.querySelectorAll("tr[data-row]").length || Math.min(page, total);
    var text = total ? fill(box.dataset.count, { from: number(state.offset + 1), to: number(state.offset + shown), total: number(total) }) : "";
    box.querySelector("[data-gd-count]").textContent = text;
    box.querySelector("[data-gd-where]").textContent = total ? number(Math.floor(state.offset / page) + 1) + " / " + number(Math.ceil(total / page)) : "";
    box.querySelector("[data-gd-previous]").disabled = state.offset === 0;
    box.querySelector("[data-gd-next]").disabled = state.offset + page >= total;
  }
  function message(text) {
    body.textContent = "";
    var row = body.insertRow(), cell = row.insertCell();
    cell.colSpan = columns.length;
    cell.textContent = text;
  }
  function draw(records) {
    body.textContent = "";
    records.forEach(function (record) {
      var row = body.insertRow();
      row.dataset.row = "1";
      columns.forEach(function (name, i) {
        var cell = row.insertCell(), value = record[name];
        cell.className = heads[i].className;
        cell.hidden = !!hidden[i];
        cell.textContent = value === null || value === undefined ? "" : String(value);
        cell.title = cell.textContent.length > 40 ? cell.textContent : "";
      });
    });
  }
  function quoted(name) { return '"' + name.replace(/"/g, '""') + '"'; }
  function load() {
    var mine = ++asked;
    var query = { resource_id: box.dataset.resource, limit: page, offset: state.offset };
    if (state.sort) { query.sort = state.sort; }
    if (state.value) {
      /* a prefix query: "停车" finds "停车场"; one column, or the whole row */
      query.plain = true;
      query.q = state.column ? JSON.stringify(Object.fromEntries([[state.column, state.value]])) : state.value;
    }
    box.setAttribute("aria-busy", "true");
    fetch(box.dataset.api + "?" + new URLSearchParams(query), { headers: { Accept: "application/json" } })
      .then(function (response) { if (!response.ok) { throw new Error(String(response.status)); } return response.json(); })
      .then(function (answer) {
        if (mine !== asked) { return; }
        total = answer.result.total;
        if (answer.result.records.length) { draw(answer.result.records); } else { message(box.dataset.none); }
        say();
      })
      .catch(function () { if (mine === asked) { message(box.dataset.failed); } })
      .then(function () { if (mine === asked) { box.removeAttribute("aria-busy"); } });
  }

  heads.forEach(function (head, i) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")];
      next = next === undefined ? "ascending" : next;
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      if (next) { head.setAttribute("aria-sort", next); }
      state.sort = next ? quoted(columns[i]) + (next === "ascending" ? " asc" : " desc") + " nulls last" : "";
      state.offset = 0;
      load();
    });
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    state.column = form.elements.column.value;
    state.value = form.elements.value.value.trim();
    state.offset = 0;
    load();
  });
  form.elements.value.addEventListener("search", function () { if (!form.elements.value.value) { form.requestSubmit(); } });
  form.addEventListener("change", function (event) {
    var index = event.target.dataset.gdColumn;
    if (index === undefined) { return; }
    hidden[index] = !event.target.checked;
    box.querySelectorAll("tr").forEach(function (row) { if (row.cells[index]) { row.cells[index].hidden = hidden[index]; } });
  });
  box.querySelector("[data-gd-previous]").addEventListener("click", function () { state.offset = Math.max(0, state.offset - page); load(); });
  box.querySelector("[data-gd-next]").addEventListener("click", function () { state.offset += page; load(); });
  body.querySelectorAll("tr").forEach(function (row) { if (row.cells.length === columns.length) { row.dataset.row = "1"; } });
  say();
})(document);
