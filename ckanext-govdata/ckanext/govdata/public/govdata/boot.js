/* Runs before the first paint: the reader's own size, contrast and background, so that nothing flashes. */
(function (root) {
  root.classList.add("js");
  function stored(name) {
    try { return window.localStorage.getItem("gd-" + name) || ""; } catch (e) { return ""; } /* storage refused: defaults */
  }
  var dark = stored("theme") || (window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.setAttribute("data-bs-theme", dark);
  if (stored("size")) { root.setAttribute("data-gd-size", stored("size")); }
  if (stored("contrast")) { root.setAttribute("data-gd-contrast", stored("contrast")); }
})(document.documentElement);
