/* The preview table: the server sends the first page and answers every further question over all rows. */
(function (document, window) {
  "use strict";
  var box = document.querySelector("[data-gd-preview]");
  if (!box) { return; }
  var page = Number(box.dataset.page), whole = box.dataset.total === "" ? null : Number(box.dataset.total);
  var form = box.querySelector("[data-gd-filter]"), lines = form.querySelector("[data-gd-conditions]");
  var body = box.querySelector("tbody"), heads = Array.prototype.slice.call(box.querySelectorAll("thead th"));
  var columns = heads.map(function (head) { return head.dataset.column; });
  var hidden = heads.map(function (head) { return head.hidden; });
  var state = { sort: "", order: "", keys: [""], next: box.dataset.next, total: whole, filter: [] };
  var asked = 0;

  function number(n) { return n.toLocaleString("en-US"); }
  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (_, key) { return values[key]; }); }
  function query(more) {
    var parameters = new URLSearchParams(state.filter);
    if (state.sort) { parameters.set("sort", state.sort); parameters.set("order", state.order); }
    Object.keys(more || {}).forEach(function (key) { parameters.set(key, more[key]); });
    return parameters;
  }
  function filter() {
    var found = [];
    lines.querySelectorAll(".gd-condition").forEach(function (line) {
      var column = line.querySelector("[name=c]").value, op = line.querySelector("[name=op]").value;
      var value = line.querySelector("[name=v]").value.trim();
      if (column && (value || op === "empty" || op === "filled")) { found.push(["c", column], ["op", op], ["v", value]); }
    });
    return found;
  }
  function say() {
    var text = state.total === null ? box.dataset.uncounted
      : fill(state.filter.length && whole !== null ? box.dataset.counted : box.dataset.count, { fit: number(state.total), total: number(state.filter.length ? whole : state.total) });
    box.querySelector("[data-gd-count]").textContent = text;
    var last = state.total === null ? "" : " / " + number(Math.max(1, Math.ceil(state.total / page)));
    box.querySelector("[data-gd-where]").textContent = number(state.keys.length) + last;
    box.querySelector("[data-gd-previous]").disabled = state.keys.length < 2;
    box.querySelector("[data-gd-next]").disabled = !state.next;
    form.querySelector("[data-gd-clear]").hidden = !state.filter.length && lines.children.length < 2;
    box.querySelectorAll("[data-gd-export]").forEach(function (link) {
      var shown = query();
      if (hidden.some(Boolean)) { columns.forEach(function (id, i) { if (!hidden[i]) { shown.append("show", id); } }); }
      link.search = shown.toString();
    });
  }
  function message(text) {
    body.textContent = "";
    var cell = body.insertRow().insertCell();
    cell.colSpan = columns.length;
    cell.textContent = text;
  }
  function draw(rows) {
    body.textContent = "";
    rows.forEach(function (cells) {
      var row = body.insertRow();
      row.dataset.row = "";
      cells.forEach(function (value, i) {
        var cell = row.insertCell();
        cell.className = heads[i].className;
        cell.hidden = hidden[i];
        cell.textContent = value === null ? "" : value;
        if (cell.textContent.length > 40) { cell.title = cell.textContent; }
      });
    });
  }
  function load() {
    var mine = ++asked, key = state.keys[state.keys.length - 1];
    box.setAttribute("aria-busy", "true");
    fetch(box.dataset.api + ".json?" + query(key ? { after: key } : {}), { headers: { Accept: "application/json" } })
      .then(function (response) {
        return response.json().then(function (answer) {
          if (response.ok) { return answer; }
          var words = answer.error && answer.error.message;
          throw words ? { said: words[document.documentElement.lang.slice(0, 2)] || words.zh } : {};
        });
      })
      .then(function (answer) {
        if (mine !== asked) { return; }
        state.next = answer.next || "";
        state.total = answer.total;
        if (answer.rows.length) { draw(answer.rows); } else { message(box.dataset.none); }
        say();
      })
      .catch(function (error) { if (mine === asked) { message(error.said || box.dataset.failed); state.next = ""; } })
      .then(function () { if (mine === asked) { box.removeAttribute("aria-busy"); } });
  }
  function anew() {
    state.keys = [""];
    load();
  }
  function ask() {
    state.filter = filter();
    anew();
    document.dispatchEvent(new CustomEvent("gd:filter", { detail: state.filter }));
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
      state.sort = next ? columns[i] : "";
      state.order = next === "descending" ? "desc" : "asc";
      anew();
    });
  });
  function fit(line) { /* a comparison that the column does not know is not offered; "is empty" takes no value */
    var kind = line.querySelector("[name=c]").selectedOptions[0].dataset.kind || "text";
    var op = line.querySelector("[name=op]"), ordered = kind !== "text" && kind !== "truth";
    op.querySelectorAll("[value=at_least], [value=at_most]").forEach(function (option) { option.hidden = option.disabled = !ordered; });
    if (op.selectedOptions[0].disabled) { op.value = "contains"; }
    var value = line.querySelector("[name=v]");
    value.hidden = op.value === "empty" || op.value === "filled";
  }
  function add() {
    var line = lines.children[0].cloneNode(true), away = document.createElement("button");
    line.querySelectorAll("button").forEach(function (old) { old.remove(); });
    line.querySelector("[name=v]").value = "";
    line.querySelector("[name=c]").value = "";
    line.querySelector("[name=op]").value = "contains";
    away.type = "button";
    away.className = "btn btn-secondary btn-sm";
    away.textContent = "×";
    away.setAttribute("aria-label", box.dataset.remove);
    away.addEventListener("click", function () { line.remove(); ask(); });
    line.appendChild(away);
    lines.appendChild(line);
    fit(line);
    line.querySelector("[name=c]").focus();
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); ask(); });
  form.querySelector("[data-gd-add]").addEventListener("click", function () { if (lines.children.length < 10) { add(); say(); } });
  form.querySelector("[data-gd-clear]").addEventListener("click", function () {
    while (lines.children.length > 1) { lines.lastElementChild.remove(); }
    var line = lines.children[0];
    line.querySelector("[name=c]").value = line.querySelector("[name=v]").value = "";
    line.querySelector("[name=op]").value = "contains";
    fit(line);
    ask();
  });
  form.addEventListener("change", function (event) {
    var index = event.target.dataset.gdColumn;
    if (index === undefined) {
      var line = event.target.closest(".gd-condition");
      if (line) { fit(line); }
      return;
    }
    hidden[index] = !event.target.checked;
    box.querySelectorAll("tr").forEach(function (row) {
      if (row.cells.length === columns.length) { row.cells[index].hidden = hidden[index]; }
    });
    say();
  });
  box.querySelector("[data-gd-previous]").addEventListener("click", function () { state.keys.pop(); load(); });
  box.querySelector("[data-gd-next]").addEventListener("click", function () { state.keys.push(state.next); load(); });
  box.querySelector("[data-gd-copyrows]").addEventListener("click", function (event) {
    var button = event.target, text = [heads].concat(Array.prototype.slice.call(body.rows).map(function (row) { return Array.prototype.slice.call(row.cells); }))
      .map(function (cells) { return cells.filter(function (cell) { return !cell.hidden; }).map(function (cell) { return cell.textContent.replace(/[\t\r\n]+/g, " "); }).join("\t"); }).join("\n");
    function done() {
      var before = button.textContent;
      button.textContent = box.dataset.copied;
      window.setTimeout(function () { button.textContent = before; }, 1600);
    }
    function plainly() { /* no clipboard on plain http */
      var area = document.createElement("textarea");
      area.value = text;
      document.body.appendChild(area);
      area.select();
      if (document.execCommand("copy")) { done(); }
      area.remove();
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done, plainly); } else { plainly(); }
  });
  Array.prototype.forEach.call(lines.children, fit);
  say();
})(document, window);
