/** Follows lifecycle events while a person is signed in and looks at the page, so that it shows what is. */
import type { QueryClient } from '@tanstack/react-query';
import { currentSession, onSessionChange } from '../session/session.ts';
import { LiveQueries } from './live-queries.ts';
import { setLive } from './live-state.ts';
import { followAsTab } from './live-tabs.ts';

/** A page that was hidden for so long follows nothing, in milliseconds. */
const hiddenMs = 30_000;

export function startLiveEvents(queries: QueryClient): void {
  const live = new LiveQueries(queries);
  let following: { name: string; ending: AbortController } | null = null;
  let isAway = document.hidden;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const change = (): void => {
    const name = isAway ? null : nameOfPerson();
    if (name === (following?.name ?? null)) return;
    following?.ending.abort();
    setLive(false);
    following = name === null ? null : { name, ending: new AbortController() };
    if (following === null) return;
    const { signal } = following.ending;
    void followAsTab({
      name: following.name,
      onChange: (one) => live.note(one),
      onLive: (isLive) => {
        if (following?.ending.signal === signal) setLive(isLive);
      },
      signal,
    });
  };

  onSessionChange(change);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    const look = (): void => {
      isAway = document.hidden;
      change();
    };
    if (document.hidden) timer = setTimeout(look, hiddenMs);
    else look();
  });
  change();
}

/** Null: no session, or one that has ended. */
function nameOfPerson(): string | null {
  const { session, hasEnded } = currentSession();
  if (session === null || hasEnded) return null;
  const { userId, role, brands } = session;
  return `signalbox.live ${JSON.stringify([userId, role, brands])}`;
}
