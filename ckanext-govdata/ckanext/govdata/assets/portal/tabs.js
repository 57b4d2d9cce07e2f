/* Tabs of the dataset page: sections of one page without a script; the address remembers the open one. */
(function (document, window) {
  "use strict";
  var list = document.querySelector("[role=tablist].gd-tabs");
  if (!list) { return; }
  var tabs = Array.prototype.slice.call(list.querySelectorAll("[role=tab]"));

  function open(key, focus) {
    var found = tabs.some(function (tab) { return tab.getAttribute("aria-controls") === key; });
    if (!found) { return false; }
    tabs.forEach(function (tab) {
      var mine = tab.getAttribute("aria-controls") === key;
      tab.setAttribute("aria-selected", String(mine));
      tab.tabIndex = mine ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !mine;
      if (mine && focus) { tab.focus(); }
      if (mine) { tab.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    });
    document.dispatchEvent(new CustomEvent("gd:tab", { detail: key }));
    return true;
  }
  function choose(key, focus) {
    if (open(key, focus)) { window.history.replaceState(null, "", "#" + key); }
  }
  document.querySelectorAll("[data-gd-panel]").forEach(function (panel) { panel.setAttribute("role", "tabpanel"); });
  list.addEventListener("click", function (event) {
    var tab = event.target.closest("[role=tab]");
    if (tab) { event.preventDefault(); choose(tab.getAttribute("aria-controls")); }
  });
  list.addEventListener("keydown", function (event) {
    var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    var now = tabs.indexOf(document.activeElement);
    if (!step || now < 0) { return; }
    event.preventDefault();
    choose(tabs[(now + step + tabs.length) % tabs.length].getAttribute("aria-controls"), true);
  });
  window.addEventListener("hashchange", function () {
    if (open(window.location.hash.slice(1))) { list.scrollIntoView({ block: "start" }); }
  });
  document.documentElement.classList.add("gd-tabbed");
  if (!open(window.location.hash.slice(1))) { open(tabs[0].getAttribute("aria-controls")); }
})(document, window);
