/* Suggestions of the search boxes, as an ARIA combobox. Without a script the box is a plain form. */
(function (document) {
  "use strict";
  var WAIT = 160; /* ms of silence before asking */

  function attach(form) {
    var input = form.querySelector("input[type=search]");
    var list = form.querySelector(".gd-suggest");
    var timer = null, asked = 0, active = -1;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    close();

    function close() { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
    function options() { return list.querySelectorAll("a"); }
    function mark(index) {
      var all = options();
      active = (index + all.length) % all.length;
      all.forEach(function (option, i) { option.setAttribute("aria-selected", String(i === active)); });
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    }
    function option(item, number) {
      var link = document.createElement("a");
      link.href = item.url;
      link.id = list.id + "-" + number;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", "false");
      link.tabIndex = -1;
      var label = document.createElement("span");
      label.textContent = item.label;
      link.appendChild(label);
      if (item.note) {
        var note = document.createElement("small");
        note.textContent = item.note;
        link.appendChild(note);
      }
      return link;
    }
    function draw(answer) {
      var number = 0;
      list.textContent = "";
      ["datasets", "columns", "departments"].forEach(function (kind) {
        if (!answer[kind] || !answer[kind].length) { return; }
        var group = document.createElement("div");
        group.setAttribute("role", "group");
        group.setAttribute("aria-label", list.dataset[kind]);
        var head = document.createElement("div");
        head.className = "gd-suggest__head";
        head.textContent = list.dataset[kind];
        head.setAttribute("aria-hidden", "true");
        group.appendChild(head);
        answer[kind].forEach(function (item) { group.appendChild(option(item, number++)); });
        list.appendChild(group);
      });
      list.hidden = number === 0;
      input.setAttribute("aria-expanded", String(number > 0));
      active = -1;
    }
    function ask() {
      var query = input.value.trim();
      if (!query) { close(); return; }
      var mine = ++asked;
      fetch(form.dataset.gdSuggest + "?q=" + encodeURIComponent(query), { headers: { Accept: "application/json" } })
        .then(function (response) { if (!response.ok) { throw new Error(String(response.status)); } return response.json(); })
        .then(function (answer) { if (mine === asked && document.activeElement === input) { draw(answer); } })
        .catch(close); /* no suggestions is a state the page can live with: Enter still searches */
    }
    input.addEventListener("input", function () { window.clearTimeout(timer); timer = window.setTimeout(ask, WAIT); });
    input.addEventListener("keydown", function (event) {
      if (event.isComposing) { return; } /* an input method is still choosing characters */
      if (list.hidden) { return; }
      if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
      if (event.key === "ArrowUp") { event.preventDefault(); mark(active < 0 ? -1 : active - 1); }
      if (event.key === "Enter" && active >= 0) { event.preventDefault(); options()[active].click(); }
      if (event.key === "Escape") { event.stopPropagation(); close(); }
    });
    document.addEventListener("click", function (event) { if (!form.contains(event.target)) { close(); } });
    form.addEventListener("focusout", function (event) { if (!form.contains(event.relatedTarget)) { window.setTimeout(close, 120); } });
  }
  document.querySelectorAll("form[data-gd-suggest]").forEach(attach);
})(document);
