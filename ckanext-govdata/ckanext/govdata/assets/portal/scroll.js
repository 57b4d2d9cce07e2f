/* Wide tables: while columns stand beyond the right edge, the edge fades and a line below says so. */
(function (document) {
  "use strict";
  if (!("ResizeObserver" in window)) { return; }
  Array.prototype.forEach.call(document.querySelectorAll(".gd-tablebox"), function (box) {
    var hint = box.nextElementSibling;
    hint = hint && hint.hasAttribute("data-gd-scrollhint") ? hint : null;
    function look() {
      var wide = box.scrollWidth - box.clientWidth > 2;
      box.toggleAttribute("data-gd-more", wide && box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
      if (hint) { hint.hidden = !wide; }
    }
    var observer = new ResizeObserver(look);
    observer.observe(box);
    if (box.firstElementChild) { observer.observe(box.firstElementChild); }
    box.addEventListener("scroll", look, { passive: true });
    look();
  });
})(document);
