/* The API, tried on its own page: the address that is called, and what it answers. */
(function (document) {
  "use strict";
  var box = document.querySelector("[data-gd-try]");
  if (!box) { return; }
  var form = box.querySelector("form"), answer = box.querySelector("[data-gd-answer]"), asked = 0;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var query = new URLSearchParams(), mine = ++asked;
    new FormData(form).forEach(function (value, name) { if (value) { query.set(name, value); } });
    var address = form.action + "?" + query;
    box.querySelector("[data-gd-address]").textContent = "GET " + decodeURI(address);
    fetch(address).then(function (response) { return response.json(); })
      .then(function (found) {
        if (mine !== asked) { return; }
        answer.textContent = JSON.stringify(found.success ? found.result : found.error, null, 2).slice(0, 20000);
        answer.closest(".gd-code").hidden = false;
      })
      .catch(function () { if (mine === asked) { answer.textContent = box.dataset.failed; answer.closest(".gd-code").hidden = false; } });
  });
})(document);
