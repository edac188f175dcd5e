/** The link by which the person who started the instance signs in to its console. */
import { signSession, type Session } from '../token/session-token.ts';

/**
 * An administrator's token of 8 hours, in the fragment: browsers send that to no server.
 *
 * @param api its address
 */
export async function consoleLink(api: string, secret: string): Promise<string> {
  const session: Session = { sub: 'alice', role: 'SESSION_ADMIN', brands: [], ttlSeconds: 8 * 3600 };
  return `${api}/console#token=${await signSession(secret, session)}`;
}
