/** Which names announce a secret: of headers, query parameters, properties and variables. */

/** Wherever they stand in a name. */
const certain =
  /token|secret|passw|passphrase|pwd|credential|signature|authorization|cookie|jwt|bearer|(?:api|access|private|signing|session|encryption)[-_.]?key/i;
/** As a word of a name: `key` and `api_key`, not `monkey`. */
const words = /(?:^|[^a-z])(?:keys?|sig|auth|pass|otp|pin|cvv|cvc|hmac)(?![a-z])/i;
const headerWords = /key/i;

/** Says nothing else in any text. */
export function isCertainSecretName(name: string): boolean {
  return certain.test(name);
}

/** Of a property or a query parameter. */
export function isSecretName(name: string): boolean {
  return certain.test(name) || words.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
}

export function isSecretHeader(name: string): boolean {
  return isSecretName(name) || headerWords.test(name);
}

/** Cheap test whether a text can name a secret at all. */
export function mayNameSecret(text: string): boolean {
  return certain.test(text) || /key|sig|auth|pass|otp|pin|cvv|cvc|hmac/i.test(text);
}
