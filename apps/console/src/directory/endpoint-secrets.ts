/** Secrets of an endpoint in its form: what is left empty stays as it is. */
export interface HeaderValue {
  name: string;
  /** Empty: the value that is set stays. */
  value: string;
  isSet: boolean;
}

export interface Secrets {
  url: string;
  headers: HeaderValue[];
  /** What becomes of the secret that calls are signed with. */
  signing: 'keep' | 'new' | 'none';
  secret: string;
}

export function initialSecrets(record: Readonly<Record<string, unknown>> | null): Secrets {
  const names = Array.isArray(record?.['headers']) ? record['headers'].map(String) : [];
  const headers = names.map((name) => ({ name, value: '', isSet: true }));
  return { url: '', headers, signing: record?.['signed'] === true ? 'keep' : 'none', secret: '' };
}

/** The members of the record that say so. */
export function toSecretFields({ url, headers, signing, secret }: Secrets, isNew: boolean): Record<string, unknown> {
  const given = headers.filter(({ name }) => name.trim() !== '');
  const values = given.map(({ name, value, isSet }) => [name.trim(), value === '' && isSet ? null : value]);
  return {
    ...(url.trim() !== '' && { url: url.trim() }),
    headers: Object.fromEntries(values) as Record<string, string | null>,
    ...(signing === 'new' && { secret: secret.trim() }),
    ...(signing === 'none' && !isNew && { secret: null }),
  };
}

/** As Standard Webhooks says, from 32 random bytes. */
export function drawSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}
