/* The checks of a card are made after the page is there, one card at a time and those in sight first: judging signatures takes a
   moment. Until they have passed, the step that needs them is not offered; without this script the filing's own page shows both. */
(function () {
  "use strict";
  const cards = document.querySelectorAll("[data-gl-checks]");
  if (!cards.length) return;
  const buttons = (box) => box.closest("article").querySelectorAll("[data-gl-after-checks] button");
  async function load(box) {
    const answer = await fetch(box.dataset.glChecks, { credentials: "same-origin", headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) { box.querySelector("p").textContent = "—"; return; }
    box.innerHTML = await answer.text();
    const good = !box.querySelector(".is-wrong");
    for (const button of buttons(box)) button.disabled = !good;
  }
  for (const box of cards) for (const button of buttons(box)) button.disabled = true;
  const waiting = Array.from(cards);
  const seen = new IntersectionObserver(function (entries) {
    for (const entry of entries) {
      const at = entry.isIntersecting ? waiting.indexOf(entry.target) : -1;
      if (at > 0) waiting.unshift(...waiting.splice(at, 1));
    }
  });
  cards.forEach((box) => seen.observe(box));
  (async function () { while (waiting.length) await load(waiting.shift()); })();
})();
