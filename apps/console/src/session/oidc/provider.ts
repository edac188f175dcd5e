/** The OpenID Connect provider, as the API describes it to the console. */
export interface Provider {
  issuer: string;
  client_id: string;
  scope: string;
  resource: string | null;
  audience: string | null;
  /** Null: the provider is away. */
  endpoints: { authorization: string; token: string; end_session: string | null; signing_algs: string[] } | null;
}

/** Where the provider sends people back to. */
export const callbackPath = '/console/callback';

/** @returns null where people sign in with tokens alone */
export async function loadProvider(): Promise<Provider | null> {
  const response = await fetch('/console/config.json');
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return ((await response.json()) as { oidc: Provider | null }).oidc;
}
