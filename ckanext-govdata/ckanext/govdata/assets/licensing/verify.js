/* Verify: a file may be dropped; a data file is hashed here, and only its SHA-256 goes to the portal. */
(function () {
  "use strict";
  const form = document.querySelector("[data-gl-verify]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const shown = form.querySelector("[data-gl-progress]");

  const isPdf = async (file) => (await file.slice(0, 5).text()) === "%PDF-";

  const progress = (share) => {
    shown.hidden = false;
    shown.querySelector("progress").value = share;
    shown.querySelector("span").textContent = `${Math.round(share)} %`;
  };

  /* The browser hashes what is in memory as a whole; larger files are sent and hashed by the portal. */
  const LARGEST = 512 * 1024 * 1024;
  const digest = async (file) => {
    progress(10);
    const bytes = await file.arrayBuffer();
    progress(60);
    const found = await crypto.subtle.digest("SHA-256", bytes);
    progress(100);
    return Array.from(new Uint8Array(found), (each) => each.toString(16).padStart(2, "0")).join("");
  };

  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file || !window.crypto || !crypto.subtle || file.size > LARGEST) return;
    event.preventDefault();
    if (await isPdf(file)) {
      progress(50);
      form.submit();
      return;
    }
    const address = new URL(form.dataset.glVerify, location.href);
    address.searchParams.set("sha256", await digest(file));
    location.assign(address);
  });

  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
})();
