/** Secrets in percent-encoded text: a URL that is a parameter of another one, a form body, `Bearer%20abc`. */

/** Characters that stay as they are between escapes; `*` keeps masked text in one run. */
const run = /[\w.~%+*!()-]+/g;
const severalLayers = /%(?:25)+(?=[0-9a-f]{2})/gi;
const asciiEscape = /%([0-7][0-9a-f])/gi;

/** Well-formed UTF-8 (RFC 3629) in percent-encoding: what `decodeURIComponent` takes. An exception for each run is dear. */
const utf8 =
  /^(?:[^%]|%(?:[0-7][\da-f]|(?:c[2-9a-f]|d[\da-f])%[89ab][\da-f]|(?:e0%[ab]|e[1-9a-cef]%[89ab]|ed%[89])[\da-f]%[89ab][\da-f]|(?:f0%[9ab]|f[1-3]%[89ab]|f4%8)[\da-f]%[89ab][\da-f]%[89ab][\da-f]))*$/i;

/** @param mask masks plain text; what it leaves alone stays encoded exactly as it was. */
export function maskEscaped(text: string, mask: (plain: string) => string): string {
  if (!text.includes('%')) return text;
  return text.replace(run, (encoded) => {
    if (!encoded.includes('%')) return encoded;
    const plain = decode(encoded.replace(severalLayers, '%'));
    // Nothing was encoded: it is masked with the text around it.
    if (plain === encoded) return encoded;
    const masked = mask(plain);
    return masked === plain ? encoded : encodeURIComponent(masked);
  });
}

function decode(text: string): string {
  if (utf8.test(text)) return decodeURIComponent(text);
  // The ASCII escapes are what names and separators are made of.
  return text.replace(asciiEscape, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
