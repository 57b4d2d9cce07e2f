/* Keys of the review page: a moves to approving, r to the reason for returning. A key never decides by itself:
   it brings the focus to the control, and Enter there decides, so that a stray key approves nothing. */
(function () {
  "use strict";
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (!/^[a-z]$/.test(key)) return;
    const target = document.querySelector('[data-gr-key="' + key + '"], [data-gr-focus="' + key + '"]');
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView({ block: "center" });
    target.focus();
  });
  document.querySelectorAll("[data-gr-confirm]").forEach(function (field) {
    const button = field.form.querySelector("button");
    const check = () => { button.disabled = field.value.trim() !== field.dataset.grConfirm; };
    field.addEventListener("input", check);
    check();
  });
  const errors = document.getElementById("gr-errors");
  if (errors) errors.focus();
})();
