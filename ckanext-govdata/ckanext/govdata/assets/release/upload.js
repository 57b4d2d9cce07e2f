/* Upload in parts that survive an interruption: what has arrived stays on the server, the page remembers only which upload
   it was (never the content). Without this script the form posts the file whole. */
(function () {
  "use strict";
  const form = document.querySelector("[data-gr-upload]");
  if (!form || !window.FormData || !Blob.prototype.slice) return;
  const part = (name) => form.querySelector("[data-gr-" + name + "]");
  const words = JSON.parse(part("words").textContent);
  const field = form.querySelector('input[type="file"]'), drop = part("drop");
  const box = part("upload-state"), text = part("upload-text"), bar = part("upload-bar"), note = part("upload-note");
  const failed = part("upload-error"), resume = part("upload-resume"), cancel = part("upload-cancel"), start = part("upload-start");
  const csrf = form.querySelector('input[type="hidden"]');
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
  const RETRIES = 4;
  const datasetId = form.querySelector('input[name="dataset_id"]').value;
  let job = null;

  function size(octets) {
    let amount = octets, unit = "B";
    for (const larger of words.unit.split(" ")) {
      if (amount < 1000) break;
      amount /= 1000;
      unit = larger;
    }
    return (unit === "B" || amount >= 100 ? Math.round(amount) : amount.toFixed(1)) + " " + unit;
  }
  const duration = (seconds) => (seconds < 90 ? fill(words.seconds, { n: Math.max(1, Math.round(seconds)) }) : fill(words.minutes, { n: Math.round(seconds / 60) }));

  /* which upload this file belongs to, so that choosing it again goes on with it */
  const remembered = (file) => "gr-upload:" + datasetId + ":" + file.name + ":" + file.size + ":" + file.lastModified;
  function recall(file) {
    try { return JSON.parse(localStorage.getItem(remembered(file)) || "null"); } catch (error) { return null; }
  }
  function remember(file, value) {
    try {
      if (value) localStorage.setItem(remembered(file), JSON.stringify(value));
      else localStorage.removeItem(remembered(file));
    } catch (error) { /* a browser that stores nothing still uploads; it only cannot go on after closing the page */ }
  }

  class Refused extends Error {
    constructor(message, status) { super(message); this.status = status; }
  }
  function sentence(answer) {
    const said = answer && (answer.message || (answer.error && (answer.error.message || answer.error)));
    if (!said) return "";
    if (typeof said === "string") return said;
    return document.documentElement.lang.startsWith("zh") ? said.zh || "" : said.en || "";
  }
  async function ask(method, url, body) {
    const options = { method: method, credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": csrf.value } };
    if (body) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const response = await fetch(url, options);
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Refused(sentence(answer) || String(response.status), response.status);
    return answer;
  }
  function put(url, blob, moved) {
    return new Promise(function (done, broken) {
      const request = new XMLHttpRequest();
      request.open("PUT", url);
      request.setRequestHeader("X-CSRFToken", csrf.value);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => moved(event.loaded);
      request.onload = function () {
        if (request.status < 300) return done();
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch (error) { /* an answer of a proxy: the status says enough */ }
        broken(new Refused(sentence(answer) || String(request.status), request.status));
      };
      request.onerror = request.ontimeout = () => broken(new TypeError("connection"));
      request.onabort = () => broken(new DOMException("", "AbortError"));
      job.request = request;
      request.send(blob);
    });
  }

  function show(done, began, from) {
    const percent = Math.floor((100 * done) / job.file.size), seconds = (Date.now() - began) / 1000;
    bar.value = percent;
    text.textContent = fill(words.working, { percent: percent + "%" });
    const rate = seconds > 0.5 ? (done - from) / seconds : 0;
    note.textContent = rate > 0 ? fill(words.note, { done: size(done), total: size(job.file.size), rate: size(rate), left: duration((job.file.size - done) / rate) }) : "";
  }

  async function open(file) {
    const before = recall(file);
    if (before) {
      try {
        const there = await ask("GET", form.dataset.uploads + "/" + before.upload);
        return { upload: before.upload, release: before.release, partSize: there.part_size, present: there.present };
      } catch (error) {
        if (error.status !== 404 && error.status !== 410) throw error;
        remember(file, null);
      }
    }
    const chosen = new FormData(form);
    const other = chosen.get("origin") === "other";
    const made = await ask("POST", form.dataset.uploads, {
      dataset_id: datasetId, filename: file.name, size: file.size,
      origin: other ? chosen.get("origin_organization") : "own", consent: other ? chosen.get("consent") : "",
    });
    remember(file, { upload: made.upload_id, release: made.release_id });
    return { upload: made.upload_id, release: made.release_id, partSize: made.part_size, present: [] };
  }

  async function send() {
    const file = job.file;
    const opened = await open(file);
    Object.assign(job, opened);
    const url = form.dataset.uploads + "/" + job.upload, count = Math.ceil(file.size / job.partSize), there = new Set(job.present);
    const length = (number) => Math.min(job.partSize, file.size - (number - 1) * job.partSize);
    let done = Array.from(there).reduce((sum, number) => sum + length(number), 0);
    const from = done, began = Date.now();
    if (from) text.textContent = fill(words.resuming, { percent: Math.floor((100 * from) / file.size) + "%" });
    for (let number = 1; number <= count; number += 1) {
      if (there.has(number)) continue;
      const blob = file.slice((number - 1) * job.partSize, (number - 1) * job.partSize + length(number));
      for (let attempt = 1; ; attempt += 1) {
        try {
          await put(url + "/" + number, blob, (moved) => show(done + Math.min(moved, length(number)), began, from));
          break;
        } catch (error) {
          const temporary = error instanceof TypeError || error.status >= 500 || error.status === 422;
          if (!temporary || attempt >= RETRIES) throw error;
          await new Promise((wait) => setTimeout(wait, 500 * 2 ** attempt));
        }
      }
      done += length(number);
      show(done, began, from);
    }
    text.textContent = words.finishing;
    note.textContent = "";
    bar.removeAttribute("value");
    await ask("POST", url + "/complete");
    remember(file, null);
    text.textContent = words.scanning;
    const page = form.dataset.release.replace("RELEASE", job.release);
    const step = document.createElement("form");
    step.method = "post";
    step.action = page + "/scan";
    step.append(csrf.cloneNode());
    document.body.append(step);
    window.removeEventListener("beforeunload", leaving);
    step.submit();
  }

  const leaving = (event) => event.preventDefault();
  async function run() {
    failed.hidden = resume.hidden = true;
    box.hidden = false;
    start.hidden = true;
    cancel.hidden = false;
    window.addEventListener("beforeunload", leaving);
    try {
      await send();
    } catch (error) {
      window.removeEventListener("beforeunload", leaving);
      if (error.name === "AbortError") return;
      const broken = error instanceof TypeError;
      failed.textContent = broken ? words.broken : error.message;
      failed.hidden = false;
      resume.hidden = !broken && error.status < 500;
      cancel.hidden = !job.upload;
      if (!broken && !job.upload) start.hidden = false;
      text.textContent = note.textContent = "";
    }
  }

  function chosen() {
    const file = field.files[0];
    part("chosen").hidden = !file;
    failed.hidden = true;
    if (!file) return;
    const before = recall(file);
    part("chosen").textContent = fill(words.chosen, { name: file.name, size: size(file.size) }) + (before ? " · " + words.again : "");
  }
  field.addEventListener("change", chosen);
  ["dragover", "dragenter"].forEach((name) => drop.addEventListener(name, function (event) {
    event.preventDefault();
    drop.classList.add("gr-over-drop");
  }));
  ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("gr-over-drop")));
  drop.addEventListener("drop", function (event) {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    chosen();
  });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    const file = field.files[0];
    if (!file) return;
    if (!file.size) {
      box.hidden = failed.hidden = false;
      cancel.hidden = true;
      failed.textContent = words.empty;
      return;
    }
    job = { file: file };
    run();
  });
  resume.addEventListener("click", run);
  window.addEventListener("online", () => { if (job && !resume.hidden) run(); });
  cancel.addEventListener("click", async function () {
    const gone = job;
    if (!gone) return;
    if (gone.request) gone.request.abort();
    window.removeEventListener("beforeunload", leaving);
    if (gone.upload) {
      try {
        await ask("DELETE", form.dataset.uploads + "/" + gone.upload);
      } catch (error) {
        failed.textContent = error.message;
        failed.hidden = false;
        return;
      }
      remember(gone.file, null);
    }
    job = null;
    box.hidden = false;
    bar.value = 0;
    note.textContent = "";
    text.textContent = words.cancelled;
    cancel.hidden = resume.hidden = true;
    start.hidden = false;
  });

  const other = form.querySelector("#gr-other"), fields = form.querySelector("#gr-other-fields");
  const toggle = () => { fields.hidden = !other.checked; };
  form.querySelectorAll('[name="origin"]').forEach((radio) => radio.addEventListener("change", toggle));
  toggle();
})();
