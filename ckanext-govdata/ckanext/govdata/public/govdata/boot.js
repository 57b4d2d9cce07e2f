/* Runs before the first paint: the reader's own size, contrast and background, so that nothing flashes. */
(function (root) {
  root.classList.add("js");
  if (/^#[a-z]+$/.test(window.location.hash)) {
    /* The tab that the address names is shown alone from the first paint on; the script of the tabs takes over. */
    root.classList.add("gd-aimed");
    var aim = document.createElement("style");
    aim.textContent = "@media screen { .gd-aimed:not(.gd-tabbed) .gd-panel:not(" + window.location.hash + ") { display: none; } }";
    document.head.appendChild(aim);
  }
  function stored(name) {
    try { return window.localStorage.getItem("gd-" + name) || ""; } catch (e) { return ""; } /* storage refused: defaults */
  }
  var dark = stored("theme") || (window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.setAttribute("data-bs-theme", dark);
  if (stored("size")) { root.setAttribute("data-gd-size", stored("size")); }
  if (stored("contrast")) { root.setAttribute("data-gd-contrast", stored("contrast")); }
})(document.documentElement);
