/* The column table: filters, parameters of the chosen operator, trials on invented values, a rough risk while choosing. */
(function () {
  "use strict";
  const form = document.querySelector("[data-gr-plan]");
  if (!form) return;
  const words = JSON.parse(form.querySelector("[data-gr-words]").textContent);
  const rows = Array.from(form.querySelectorAll("[data-gr-column]"));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
  const number = (value) => new Intl.NumberFormat().format(value);
  let shown = "all";

  /* what a row is, for the filters */
  const operator = (row) => row.querySelector("[data-gr-operator]");
  const originOf = (row) => row.querySelector("[data-gr-origin]").value;
  const foreign = (row) => !["own", ""].includes(originOf(row));
  const unsettled = (row) =>
    !originOf(row) || (foreign(row) && !row.querySelector("[data-gr-consent]").value.trim()) ||
    (row.dataset.personal === "true" && operator(row).value === "keep");
  const tests = {
    all: () => true,
    personal: (row) => row.dataset.personal === "true" || row.dataset.kind === "quasi",
    changed: (row) => row.classList.contains("gr-changed"),
    foreign: foreign,
    open: unsettled,
  };

  function filter() {
    const words_ = (form.querySelector("[data-gr-filter]").value || "").trim().toLowerCase();
    let count = 0;
    rows.forEach(function (row) {
      const fits = tests[shown](row) && row.dataset.name.toLowerCase().includes(words_);
      row.hidden = !fits;
      if (fits) count += 1;
    });
    form.querySelector("[data-gr-none]").hidden = count > 0;
    const line = fill(words.shown, { shown: number(count), all: number(rows.length) });
    form.querySelector("[data-gr-shown]").textContent = line;
    form.querySelectorAll("[data-gr-tally]").forEach(function (node) {
      node.textContent = rows.filter(tests[node.dataset.grTally]).length;
    });
  }

  /* An upper bound of the combinations of quasi-identifiers: distinct values multiplied, coarser ones counted as fewer. */
  function risk() {
    const box = form.querySelector(".gr-risk"), text = form.querySelector("[data-gr-risk]");
    const kept = rows.filter((row) => row.dataset.personal === "true" && operator(row).value === "keep");
    const quasi = rows.filter((row) => row.querySelector("[data-gr-quasi]").checked && !["drop", "redact"].includes(operator(row).value));
    const total = Number(form.dataset.rows) || 0, k = Number(form.querySelector("#gr-k").value) || 0;
    const said = [];
    let look = "ok";
    if (quasi.length && total) {
      const combinations = quasi.reduce(function (product, row) {
        const distinct = Math.max(1, Number(row.dataset.distinct));
        return product * (operator(row).value === "generalise" ? Math.max(1, Math.ceil(Math.sqrt(distinct))) : distinct);
      }, 1);
      const mean = total / Math.min(combinations, total);
      said.push(fill(words.rough, {
        count: quasi.length, combinations: number(Math.min(combinations, Number.MAX_SAFE_INTEGER)), rows: number(total), mean: number(Math.round(mean * 10) / 10),
      }));
      if (mean < k) look = "warn";
      said.push(mean < k ? fill(words.low, { k: k }) : words.fine);
    } else {
      said.push(words.noquasi);
    }
    if (kept.length) {
      look = "bad";
      said.unshift(fill(words.kept, { names: kept.map((row) => row.dataset.name).join("、") }));
    }
    box.dataset.look = look;
    text.textContent = said.join(" ");
  }

  /* parameters of an operator come out of its template */
  function parameters(row) {
    const place = row.querySelector("[data-gr-params]"), index = operator(row).name.split("-")[1];
    const template = form.querySelector('template[data-gr-params-of="' + operator(row).value + '"]');
    const holder = document.createElement("div");
    if (template) holder.append(template.content.cloneNode(true));
    holder.querySelectorAll("[id], [for]").forEach(function (node) {
      ["id", "name", "for"].forEach(function (key) {
        if (node.hasAttribute(key)) node.setAttribute(key, node.getAttribute(key).replace("INDEX", index));
      });
    });
    row.querySelector("[data-gr-settings]").hidden = !holder.childNodes.length;
    place.replaceChildren(...holder.childNodes);
  }

  const trials = new WeakMap();
  async function trial(row) {
    const place = row.querySelector("[data-gr-samples]");
    const asked = new URLSearchParams({ operator: operator(row).value });
    const kind = row.dataset.entity || (row.dataset.kind === "free_text" ? "free_text" : { integer: "number", decimal: "number", date: "date" }[row.dataset.type] || "");
    asked.set("entity", kind);
    row.querySelectorAll("[data-gr-params] [name]").forEach(function (field) {
      if (field.type === "checkbox" ? field.checked : field.type !== "hidden") asked.set("p-" + field.name.split("-p-")[1], field.value);
    });
    const before = trials.get(row);
    if (before) before.abort();
    const abort = new AbortController();
    trials.set(row, abort);
    let answer;
    try {
      const response = await fetch(form.dataset.preview + "?" + asked, { signal: abort.signal, credentials: "same-origin", headers: { Accept: "application/json" } });
      answer = await response.json();
    } catch (error) {
      if (error.name !== "AbortError") place.textContent = "—";
      return;
    }
    place.replaceChildren();
    if (answer.error) {
      const note = document.createElement("span");
      note.className = "gr-note-wrong";
      note.textContent = answer.error;
      place.append(note);
      return;
    }
    const label = document.createElement("span");
    label.className = "gr-quiet";
    label.textContent = words.invented;
    answer.pairs.forEach(function (pair) {
      const line = document.createElement("span"), left = document.createElement("code"), arrow = document.createElement("i"), right = document.createElement("code");
      line.className = "gr-pair";
      left.textContent = pair.before;
      arrow.className = "fa fa-arrow-right";
      arrow.setAttribute("aria-hidden", "true");
      right.textContent = operator(row).value === "drop" ? words.dropped : pair.after;
      line.append(left, arrow, right);
      place.append(line);
    });
    place.append(label);
  }

  function justify(row) {
    row.querySelector("[data-gr-justify]").hidden = !(row.dataset.personal === "true" && operator(row).value === "keep");
  }
  function origin(row) {
    const lacking = foreign(row) && !row.querySelector("[data-gr-consent]").value.trim();
    row.querySelector("[data-gr-origin-says]").textContent = foreign(row) ? (lacking ? words.consent : words.elsewhere) : originOf(row) ? words.own : words.nowhere;
  }

  let dirty = false;
  form.addEventListener("change", function (event) {
    const row = event.target.closest("[data-gr-column]");
    if (event.target.matches("[data-gr-filter]")) return;
    dirty = true;
    form.querySelector("[data-gr-unsaved]").textContent = words.unsaved;
    if (row) {
      row.classList.add("gr-changed");
      if (event.target.matches("[data-gr-operator]")) {
        parameters(row);
        trial(row);
        justify(row);
      } else if (event.target.closest("[data-gr-params]")) {
        trial(row);
      }
      origin(row);
      row.querySelector("[data-gr-level-says]").textContent = row.querySelector("[data-gr-level]").selectedOptions[0].textContent;
    }
    risk();
    filter();
  });
  form.addEventListener("submit", function () { dirty = false; });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) event.preventDefault();
  });
  form.querySelector("[data-gr-filter]").addEventListener("input", filter);
  form.querySelector("[data-gr-filter]").addEventListener("keydown", function (event) {
    if (event.key === "Enter") event.preventDefault();
  });
  form.querySelectorAll("[data-gr-show]").forEach(function (button) {
    button.addEventListener("click", function () {
      shown = button.dataset.grShow;
      form.querySelectorAll("[data-gr-show]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      filter();
    });
  });
  rows.forEach(function (row) {
    justify(row);
    origin(row);
    if (operator(row).value !== row.dataset.operator) {
      row.classList.add("gr-changed");
      if (row.dataset.kind !== "empty") trial(row);
    }
  });
  risk();
  filter();
})();
