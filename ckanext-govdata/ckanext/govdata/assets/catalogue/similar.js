/* Beside the form of an entry: items that other departments provide already, while their names are typed. */
(function () {
  "use strict";
  const panel = document.querySelector("[data-gc-similar]");
  const form = document.getElementById("dataset-edit");
  if (!panel || !form) return;
  const names = /^information_items-\d+-(label|name)$/;
  let timer = 0, asked = "", running = null;

  function items() {
    const found = new Map();
    for (const field of form.querySelectorAll("input[name^='information_items-']")) {
      const match = names.exec(field.name);
      const text = field.value.trim();
      if (!match || !text) continue;
      const row = field.name.split("-")[1];
      if (match[1] === "label" || !found.has(row)) found.set(row, text);
    }
    return [...new Set(found.values())];
  }
  async function look() {
    const owner = form.querySelector("[name='owner_org']");
    const organization = (owner && owner.value) || panel.dataset.organization;
    const query = new URLSearchParams({ fragment: "1" });
    if (organization) query.set("organization", organization);
    for (const item of items()) query.append("item", item);
    if (String(query) === asked) return;
    asked = String(query);
    if (running) running.abort();
    running = new AbortController();
    try {
      const answer = await fetch(panel.dataset.gcSimilar + "?" + query, { credentials: "same-origin", signal: running.signal });
      if (answer.ok) panel.querySelector("[data-gc-found]").innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") asked = "";
    }
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, 400);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  soon();
})();
