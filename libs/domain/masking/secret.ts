/** How one secret is shown: `***` and at most its last four characters, never more than a quarter of it. */

const masked = /^\*\*\*[A-Za-z0-9]{0,4}$/;
const scheme = /^(?:Bearer|Basic|Token|Bot|ApiKey|Negotiate)[ \t]+/i;
const punctuation = '.,;:!?)]}\\';

/** Masking a masked secret changes nothing. The name of an authorization scheme in front of it stays readable. */
export function maskSecret(secret: string): string {
  if (secret === '' || masked.test(secret)) return secret;
  const prefix = scheme.exec(secret)?.[0] ?? '';
  if (prefix !== '') return prefix + maskSecret(secret.slice(prefix.length));
  const most = Math.min(4, Math.floor(secret.length / 4));
  let shown = 0;
  // Only letters and digits: anything else could end a quotation or begin an assignment in the text around it.
  while (shown < most && /[A-Za-z0-9]/.test(secret.charAt(secret.length - 1 - shown))) shown += 1;
  return `***${shown === 0 ? '' : secret.slice(-shown)}`;
}

/** Masks a secret cut out of running text, without the punctuation that follows it there. */
export function maskSecretInText(run: string): string {
  const end = endWithoutPunctuation(run);
  return maskSecret(run.slice(0, end)) + run.slice(end);
}

/** Where `run` ends when closing punctuation at its end is left out. */
export function endWithoutPunctuation(run: string): number {
  let end = run.length;
  while (end > 0 && punctuation.includes(run.charAt(end - 1))) end -= 1;
  return end;
}
