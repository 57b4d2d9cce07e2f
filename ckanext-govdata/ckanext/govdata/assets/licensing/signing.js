/* A signer's own key: made by the browser so that nothing can read it out (not extractable), kept in IndexedDB, used here.
   To the platform go the public half with a proof of possession, and signatures. */
(function () {
  "use strict";
  const der = window.govdataDer;
  const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" }, SIGN = { name: "ECDSA", hash: "SHA-256" };
  const sha256 = async (octets) => new Uint8Array(await crypto.subtle.digest("SHA-256", octets));

  /* ---- the keys of this browser ---- */
  function store(mode, work) {
    return new Promise(function (done, broken) {
      const opening = indexedDB.open("govdata-signing", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "digest" });
      opening.onerror = () => broken(new Error("storage"));
      opening.onsuccess = function () {
        const database = opening.result, transaction = database.transaction("keys", mode);
        const asked = work(transaction.objectStore("keys"));
        transaction.oncomplete = () => { database.close(); done(asked.result); };
        transaction.onerror = transaction.onabort = () => { database.close(); broken(new Error("storage")); };
      };
    });
  }
  const keep = (record) => store("readwrite", (keys) => keys.put(record));
  const forget = (digest) => store("readwrite", (keys) => keys.delete(digest));
  const mine = async (account) => (await store("readonly", (keys) => keys.getAll())).filter((record) => record.account === account);

  async function make(account) {
    const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    const info = der.requestInfo(spki);
    const proof = new Uint8Array(await crypto.subtle.sign(SIGN, pair.privateKey, info));
    const record = { digest: der.hex(await sha256(spki)), account: account, key: pair.privateKey, made: new Date().toISOString() };
    return { record: record, request: der.pem("CERTIFICATE REQUEST", der.request(info, proof)) };
  }

  /* ---- what goes to the platform ---- */
  class Refused extends Error {}
  function caller(part, words) {
    const token = part.querySelector('input[name="_csrf_token"]').value;
    const headers = (more) => Object.assign({ "X-CSRFToken": token, "Accept-Language": document.documentElement.lang.startsWith("zh") ? "zh" : "en" }, more);
    async function answer(address, options) {
      const response = await fetch(address, Object.assign({ credentials: "same-origin" }, options)).catch(() => null);
      if (!response) throw new Refused(words.connection);
      if (response.ok) return response;
      const problem = await response.json().catch(() => ({}));
      throw new Refused(problem.detail || words.connection);
    }
    return {
      post: async (address, body, version) => (await answer(address, { method: "POST", headers: headers(Object.assign({ "Content-Type": "application/json" }, version ? { "If-Match": '"' + version + '"' } : {})), body: JSON.stringify(body) })).json(),
      bytes: async (address) => new Uint8Array(await (await answer(address, { headers: headers({}) })).arrayBuffer()),
    };
  }
  function setUp(part) {
    const words = JSON.parse(part.querySelector("[data-gl-words]").textContent);
    const fault = part.querySelector("[data-gl-fault]");
    const say = (error) => { fault.textContent = error instanceof Refused ? error.message : words[error.message] || String(error.message); fault.hidden = false; };
    const safe = Boolean(window.crypto && crypto.subtle && window.indexedDB);
    if (!safe) say(new Error("insecure"));
    return { words: words, say: say, quiet: () => { fault.hidden = true; }, safe: safe, call: caller(part, words) };
  }

  /* ---- the page of keys ---- */
  const keys = document.querySelector("[data-gl-keys]");
  if (keys) {
    const page = setUp(keys), account = keys.dataset.account, button = keys.querySelector("[data-gl-make]");
    button.disabled = !page.safe;
    if (page.safe) mine(account).then(function (records) {
      for (const record of records) for (const mark of document.querySelectorAll('[data-gl-here="' + record.digest + '"]')) mark.hidden = false;
    }, page.say);
    button.addEventListener("click", async function () {
      button.disabled = true;
      page.quiet();
      const [kind, ...id] = document.getElementById("gl-for").value.split(":");
      let made = null;
      try {
        made = await make(account);
        await keep(made.record);
        await page.call.post(keys.dataset.api, { party_kind: kind, party_id: id.join(":"), request: made.request });
        location.reload();
      } catch (error) {
        if (made) await forget(made.record.digest).catch(() => null);
        page.say(error);
        button.disabled = false;
      }
    });
  }

  /* ---- the page of a document ---- */
  /* The digest that the request asks to sign stands in its attribute messageDigest (RFC 5652, 11.2). */
  const MESSAGE_DIGEST = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04, 0x31, 0x22, 0x04, 0x20];
  function asked(toSign) {
    const found = [];
    for (let at = 0; at + MESSAGE_DIGEST.length + 32 <= toSign.length; at += 1)
      if (MESSAGE_DIGEST.every((octet, n) => toSign[at + n] === octet)) found.push(der.hex(toSign.slice(at + MESSAGE_DIGEST.length, at + MESSAGE_DIGEST.length + 32)));
    return found.length === 1 ? found[0] : null;
  }
  /* The last byte range must cover the whole file but the signature itself. */
  async function covered(pdf) {
    const text = new TextDecoder("latin1").decode(pdf);
    const range = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)].pop();
    if (!range) return null;
    const [begin, first, second, rest] = range.slice(1).map(Number);
    if (begin !== 0 || first >= second || second + rest !== pdf.length) return null;
    return der.hex(await sha256(der.join([pdf.slice(0, first), pdf.slice(second)])));
  }
  /* What is prepared for signing begins with the very document that the page has shown. */
  async function check(shown, digest, prepared, toSign) {
    if (der.hex(await sha256(shown)) !== digest || prepared.length < shown.length) return false;
    for (let at = 0; at < shown.length; at += 1) if (shown[at] !== prepared[at]) return false;
    const wanted = asked(toSign);
    return wanted !== null && wanted === (await covered(prepared));
  }

  const sign = document.querySelector("[data-gl-sign]");
  if (sign) {
    const page = setUp(sign), words = page.words, data = sign.dataset;
    const certificates = JSON.parse(sign.querySelector("[data-gl-certificates]").textContent);
    const consent = sign.querySelector("[data-gl-consent]"), go = sign.querySelector("[data-gl-go]"), progress = sign.querySelector("[data-gl-progress]");
    let own = null;
    const step = (sentence) => { const line = document.createElement("li"); line.textContent = sentence; progress.append(line); };
    if (page.safe) mine(data.account).then(function (records) {
      for (const certificate of certificates) {
        const record = records.find((one) => one.digest === certificate.key);
        if (record && !own) own = { key: record.key, chain: certificate.chain };
      }
      sign.querySelector(own ? "[data-gl-ready]" : "[data-gl-none]").hidden = false;
    }, page.say);
    consent.addEventListener("change", () => { go.disabled = !consent.checked; });
    go.addEventListener("click", async function () {
      go.disabled = consent.disabled = true;
      page.quiet();
      progress.replaceChildren();
      const document_ = data.api + "/documents/" + data.document;
      try {
        step(words.asking);
        const request = await page.call.post(document_ + "/signature-requests", { chain: own.chain }, data.version);
        const address = data.api + "/signature-requests/" + request.id, toSign = der.bytes(request.to_sign);
        step(words.checking);
        if (!(await check(await page.call.bytes(document_ + "/file"), data.digest, await page.call.bytes(address + "/file"), toSign))) throw new Error("other");
        step(words.signing);
        const raw = new Uint8Array(await crypto.subtle.sign(SIGN, own.key, toSign));
        step(words.sending);
        await page.call.post(address + "/signature", { schema: "govdata.signing-response/1", id: request.id, signature: der.base64(der.signature(raw)) });
        location.assign(data.back);
      } catch (error) {
        page.say(error);
        consent.disabled = false;
        go.disabled = !consent.checked;
      }
    });
  }
})();
