/* A button that prints the page. */
(function (document, window) {
  "use strict";
  document.querySelectorAll("[data-gs-print]").forEach(function (button) { button.addEventListener("click", function () { window.print(); }); });
})(document, window);
