/* What every page has: reading aids, keyboard shortcuts, menus that close, copy buttons, forms that send themselves. */
(function (document, root) {
  "use strict";

  function store(name, value) {
    try {
      if (value) { window.localStorage.setItem("gd-" + name, value); } else { window.localStorage.removeItem("gd-" + name); }
    } catch (e) { /* a browser that refuses storage still changes this page */ }
  }
  var attributes = { size: "data-gd-size", contrast: "data-gd-contrast", theme: "data-bs-theme" };

  function show() {
    document.querySelectorAll("[data-gd-set], [data-gd-toggle]").forEach(function (button) {
      var pair = (button.dataset.gdSet !== undefined ? button.dataset.gdSet : button.dataset.gdToggle).split(":");
      button.setAttribute("aria-pressed", String((root.getAttribute(attributes[pair[0]]) || "") === pair[1]));
    });
  }
  function set(name, value, fallback) {
    if (value) { root.setAttribute(attributes[name], value); } else { root.removeAttribute(attributes[name]); }
    store(name, value === fallback ? "" : value);
    show();
    document.dispatchEvent(new CustomEvent("gd:reading", { detail: name }));
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-gd-set], [data-gd-toggle], [data-gd-help], [data-gd-copy]");
    document.querySelectorAll("details.gd-pop[open], details.gd-download[open]").forEach(function (box) {
      if (!box.contains(event.target)) { box.open = false; }
    });
    if (!button) { return; }
    if (button.dataset.gdHelp !== undefined) { help(); }
    if (button.dataset.gdSet !== undefined) { var s = button.dataset.gdSet.split(":"); set(s[0], s[1]); }
    if (button.dataset.gdToggle !== undefined) {
      var t = button.dataset.gdToggle.split(":");
      var on = button.getAttribute("aria-pressed") === "true";
      /* the background is stored both ways: light against a dark system counts too */
      set(t[0], on ? (t[0] === "theme" ? "light" : "") : t[1], null);
    }
    if (button.dataset.gdCopy !== undefined) { copy(button); }
  });

  function copy(button) {
    var source = document.getElementById(button.dataset.gdCopy);
    function done() {
      var before = button.dataset.gdLabel || button.textContent;
      button.dataset.gdLabel = before;
      button.textContent = button.dataset.gdDone || "✓";
      window.setTimeout(function () { button.textContent = before; }, 1600);
    }
    function select() { /* no clipboard on plain http: the text is selected, Ctrl+C does the rest */
      var range = document.createRange();
      range.selectNodeContents(source);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      if (document.execCommand("copy")) { done(); }
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(source.textContent).then(done, select); } else { select(); }
  }

  function help() {
    var dialog = document.getElementById("gd-help");
    if (dialog && dialog.showModal && !dialog.open) { dialog.showModal(); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      document.querySelectorAll("details.gd-pop[open], details.gd-download[open]").forEach(function (box) {
        box.open = false;
        box.querySelector("summary").focus();
      });
    }
    var typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "/") {
      var boxes = Array.prototype.filter.call(document.querySelectorAll(".gd-find input[type=search]"), function (box) {
        return box.offsetParent !== null;
      });
      if (boxes.length) { event.preventDefault(); boxes[boxes.length - 1].focus(); boxes[boxes.length - 1].select(); }
    }
    if (event.key === "?") { event.preventDefault(); help(); }
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-gd-autosubmit]")) { event.target.form.submit(); }
  });
  /* Boxes that CKAN's own scripts build for choosing have no name of their own: they get that of their label. */
  function nameBoxes() {
    document.querySelectorAll(".select2-container .select2-selection:not([aria-label])").forEach(function (box) {
      var group = box.closest(".form-group"), label = group && group.querySelector("label");
      if (label) { box.setAttribute("aria-label", label.textContent.trim()); }
    });
  }
  if (document.querySelector("[data-module~=autocomplete], select[multiple]") && window.MutationObserver) {
    new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
    nameBoxes();
  }
  show();
})(document, document.documentElement);
