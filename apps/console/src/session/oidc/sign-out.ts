import { signOut } from '../session.ts';
import { keptTokens } from './kept-tokens.ts';
import { loadProvider } from './provider.ts';

/** Of the console, and of the provider where it offers that: else the next click would sign the same person in. */
export async function leave(): Promise<void> {
  const tokens = keptTokens();
  signOut();
  if (tokens === null) return;
  const provider = await loadProvider().catch(() => null);
  if (provider?.endpoints?.end_session == null) return;
  const url = new URL(provider.endpoints.end_session);
  url.searchParams.set('client_id', provider.client_id);
  url.searchParams.set('post_logout_redirect_uri', `${location.origin}/console/`);
  if (tokens.idToken !== null) url.searchParams.set('id_token_hint', tokens.idToken);
  location.assign(url);
}
