/* The few structures of DER that a request for a certificate (PKCS#10, RFC 2986) and a signature (RFC 3279) consist of. */
window.govdataDer = (function () {
  "use strict";
  const join = function (parts) {
    const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
    let at = 0;
    for (const part of parts) { all.set(part, at); at += part.length; }
    return all;
  };
  const length = (n) => (n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255]);
  const tagged = function (tag, ...parts) {
    const body = join(parts);
    return join([new Uint8Array([tag, ...length(body.length)]), body]);
  };
  const sequence = (...parts) => tagged(0x30, ...parts);
  const integer = function (octets) {
    let at = 0;
    while (at < octets.length - 1 && octets[at] === 0) at += 1;
    const rest = octets.slice(at);
    return tagged(0x02, rest[0] & 0x80 ? new Uint8Array([0]) : new Uint8Array(0), rest);
  };
  const ECDSA_SHA256 = sequence(new Uint8Array([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  /* WebCrypto answers r and s side by side; certificates and PDF signatures want a sequence of two numbers. */
  const signature = (raw) => sequence(integer(raw.slice(0, raw.length / 2)), integer(raw.slice(raw.length / 2)));
  const requestInfo = (spki) => sequence(new Uint8Array([0x02, 0x01, 0x00]), sequence(), spki, tagged(0xa0));
  const request = (info, raw) => sequence(info, ECDSA_SHA256, tagged(0x03, new Uint8Array([0]), signature(raw)));
  const base64 = (octets) => btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const hex = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
  const pem = (label, octets) => "-----BEGIN " + label + "-----\n" + base64(octets).replace(/(.{64})(?=.)/g, "$1\n") + "\n-----END " + label + "-----\n";
  return { join: join, signature: signature, requestInfo: requestInfo, request: request, base64: base64, bytes: bytes, hex: hex, pem: pem };
})();
