/* Watch a worker: ask for the state once a second, show it, and load the page anew when the state has changed. */
(function () {
  "use strict";
  const box = document.querySelector("[data-gr-watch]");
  if (!box) return;
  const part = (name) => box.querySelector("[data-gr-" + name + "]");
  const stage = part("stage"), bar = part("bar"), percent = part("percent"), note = part("note"), lost = part("lost");
  let pause = 1000;

  function put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }
  async function look() {
    try {
      const answer = await fetch(box.dataset.grWatch, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
        location.reload();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const now = await answer.json();
      lost.hidden = true;
      pause = 1000;
      if (now.state !== box.dataset.state) {
        location.reload();
        return;
      }
      if (now.progress) {
        put(stage, now.progress.stage || now.sentence);
        put(note, now.progress.note);
        if (now.progress.percent === null) {
          bar.removeAttribute("value");
          put(percent, "");
        } else {
          bar.value = now.progress.percent;
          put(percent, now.progress.percent + " %");
        }
      }
    } catch (error) {
      lost.hidden = false;
      pause = Math.min(pause * 2, 15000);
    }
    setTimeout(look, pause);
  }
  setTimeout(look, 500);
})();
