import { QueryClient } from '@tanstack/react-query';
import { currentSession, onSessionChange } from '../session/session.ts';
import { ApiFailure } from '../shared/client.ts';

const retries = 2;

/** What the API has answered; of another person nothing is kept, and after signing in again all is read anew. */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: (count, error) => count < retries && mayPass(error) },
      mutations: { retry: false },
    },
  });
  let { session } = currentSession();
  onSessionChange(() => {
    const next = currentSession().session;
    if (next?.token === session?.token) return;
    const isSamePerson = next?.userId === session?.userId && next?.role === session?.role;
    session = next;
    if (isSamePerson) void client.invalidateQueries();
    else client.clear();
  });
  return client;
}

/** No answer, too many requests, or a server that is away: all else would be answered alike again. */
function mayPass(error: Error): boolean {
  return error instanceof ApiFailure && (error.status === 0 || error.status === 429 || error.status >= 500);
}
