/** Secrets known by their look, wherever they stand. Every pattern begins with fixed text and is tried once per place. */
import { maskCards } from './cards.ts';
import { isSecretName } from './names.ts';
import { maskSecret, maskSecretInText } from './secret.ts';

/** Prefixes that belong to credentials only: what follows is masked whatever its length. */
const prefixed = /(?<![A-Za-z0-9])(whsec_|(?:sbk|whk)_[0-9a-f]{16}_|(?:sk|rk|pk)_(?:live|test)_)([\w.~+/=-]+)/g;
/** Prefixes that could be ordinary text: the rest must be long. */
const longPrefixed =
  /(?<![A-Za-z0-9])(xox[a-z]-|xapp-|gh[opsur]_|github_pat_|glpat-|shp(?:at|ca|pa|ss)_|hvs\.|sk-|SG\.|ya29\.|npm_)([\w.~+/=-]{16,})/g;
const whole =
  /(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|AIza[\w-]{35}|\d{6,12}:[\w-]{30,}|T[A-Z0-9]{7,12}\/B[A-Z0-9]{7,12}\/\w{16,})/g;
const bearer = /(?<![A-Za-z0-9])(Bearer(?:[ \t]+|\+))([\w.~+/=*-]+)/gi;
const basic = /(?<![A-Za-z0-9])(Basic(?:[ \t]+|\+))([\w.~+/=*-]{8,})/gi;
const armoured = /(-----BEGIN (?:[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?|PGP MESSAGE)-----)(?:[^-]|-(?!----))*/g;
const xml =
  /((?:<|&lt;|\\u003c)([\w.:-]{1,100})(?:[^\S\r\n][^<>]*)?(?:>|&gt;|\\u003e)\s*(?:<!\[CDATA\[)?)([^<&\\\]]+)/gi;
const dottedRun = /[\w.-]+/g;

/** Follow `Bearer` in sentences. */
const prose =
  /^(?:tokens?|auth|authentication|authorization|scheme|header|credentials?|realm=?|error|is|was|or|and|for|in|not)\.?$/i;
/** Base64 of anything but a short word mixes cases or holds digits; `Basic authentication` does not. */
const looksEncoded = /[a-z][A-Z]|\d|=$/;

export function maskShapes(text: string): string {
  let result = text;
  if (text.includes('-----BEGIN ')) result = result.replace(armoured, '$1***');
  if (text.includes('>') || text.includes('&gt;') || text.includes('\\u003e'))
    result = result.replace(xml, maskElement);
  if (text.includes('eyJ')) result = result.replace(dottedRun, maskTokens);
  result = result.replace(bearer, (all, name: string, value: string) =>
    prose.test(value) ? all : name + maskSecretInText(value),
  );
  result = result.replace(basic, (all, name: string, value: string) =>
    looksEncoded.test(value) ? name + maskSecretInText(value) : all,
  );
  result = result.replace(prefixed, (_all, name: string, value: string) => name + maskSecretInText(value));
  result = result.replace(longPrefixed, (_all, name: string, value: string) => name + maskSecretInText(value));
  return maskCards(result.replace(whole, maskSecret));
}

/** The text of an element whose name announces a secret. */
function maskElement(all: string, start: string, name: string, value: string): string {
  const text = value.trimEnd();
  if (text === '' || !isSecretName(name.slice(name.indexOf(':') + 1))) return all;
  return start + maskSecret(text) + value.slice(text.length);
}

/** JSON web tokens (RFC 7519): two or more base64url parts, of which the first is JSON and so begins with `eyJ`. */
function maskTokens(run: string): string {
  const parts = run.split('.');
  let before = 0;
  for (const [index, part] of parts.entries()) {
    const at = part.indexOf('eyJ');
    const next = parts[index + 1] ?? '';
    if (at !== -1 && part.length - at >= 8 && next.length >= 6) {
      return run.slice(0, before + at) + maskSecretInText(run.slice(before + at));
    }
    before += part.length + 1;
  }
  return run;
}
