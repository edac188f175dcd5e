/** What a provider has given beside the token of the session, in the session storage of this tab. */
export interface Tokens {
  accessToken: string;
  /** Null: the session cannot be renewed without the person. */
  refreshToken: string | null;
  /** For signing out. */
  idToken: string | null;
  /** Milliseconds since 1970; null: not told. */
  endsAt: number | null;
}

const key = 'signalbox.oidc';

export function keptTokens(): Tokens | null {
  const text = sessionStorage.getItem(key);
  return text === null ? null : (JSON.parse(text) as Tokens);
}

export function keepTokens(tokens: Tokens): void {
  sessionStorage.setItem(key, JSON.stringify(tokens));
}

export function forgetTokens(): void {
  sessionStorage.removeItem(key);
}
