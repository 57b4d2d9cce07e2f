/* While a request is written: what is in the catalogue, and what was asked for already. */
(function (document) {
  "use strict";
  var WAIT = 300; /* ms of silence before asking */
  var input = document.querySelector("[data-gc-alike]");
  var box = document.getElementById("gc-alike");
  if (!input || !box) { return; }
  var timer = null, asked = 0;

  function part(title, items) {
    if (!items.length) { return; }
    var head = document.createElement("h2"), list = document.createElement("ul");
    head.textContent = title;
    items.forEach(function (item) {
      var line = document.createElement("li"), link = document.createElement("a");
      link.href = item.url;
      link.textContent = item.label;
      line.appendChild(link);
      if (item.note) {
        var note = document.createElement("small");
        note.textContent = " " + item.note;
        line.appendChild(note);
      }
      list.appendChild(line);
    });
    box.appendChild(head);
    box.appendChild(list);
  }
  function draw(answer) {
    box.textContent = "";
    part(box.dataset.entries, answer.entries);
    part(box.dataset.requests, answer.requests);
    box.hidden = !box.firstChild;
  }
  function ask() {
    var number = ++asked, text = input.value.trim();
    if (text.length < 2) { draw({ entries: [], requests: [] }); return; }
    fetch(input.dataset.gcAlike + "?q=" + encodeURIComponent(text), { credentials: "same-origin" })
      .then(function (response) { return response.ok ? response.json() : { entries: [], requests: [] }; })
      .then(function (answer) { if (number === asked) { draw(answer); } })
      .catch(function () { /* the form works without: what is alike is shown once more before sending */ });
  }
  input.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  if (input.value) { ask(); }
}(document));
