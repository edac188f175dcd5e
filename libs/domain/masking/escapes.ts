/** Secrets in percent-encoded text: a URL that is a parameter of another one, a form body, `Bearer%20abc`. */

/** Characters that stay as they are between escapes; `*` keeps masked text in one run. */
const run = /[\w.~%+*!()-]+/g;
const severalLayers = /%(?:25)+(?=[0-9a-f]{2})/gi;
const asciiEscape = /%([0-7][0-9a-f])/gi;

/** @param mask masks plain text; what it leaves alone stays encoded exactly as it was. */
export function maskEscaped(text: string, mask: (plain: string) => string): string {
  if (!text.includes('%')) return text;
  return text.replace(run, (encoded) => {
    if (!encoded.includes('%')) return encoded;
    const plain = decode(encoded.replace(severalLayers, '%'));
    const masked = mask(plain);
    return masked === plain ? encoded : encodeURIComponent(masked);
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not UTF-8 or not only escapes: the ASCII ones are what names and separators are made of.
    return text.replace(asciiEscape, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}
