/**
 * Of the tabs of one person one follows the stream and tells the others: a browser opens six connections to a server by
 * HTTP/1.1, and the API has a limit of streams for each user. Where the browser has no locks, since the page did not
 * come over TLS, each tab that is looked at follows for itself.
 */
import type { EventSourceMessage } from 'eventsource-parser';
import { followEvents } from './event-stream.ts';
import type { Change } from './live-queries.ts';

/** What tabs tell each other; never a token or what an event says. */
type Message =
  | { what: 'asks' }
  | { what: 'lost' }
  | { what: 'open'; position: string | null; isWhole: boolean }
  | { what: 'event'; position: string; change: Change };

export interface TabOptions {
  /** The same for tabs that see the same. */
  name: string;
  onChange: (change: Change) => void;
  onLive: (isLive: boolean) => void;
  signal: AbortSignal;
}

/** Resolves when `signal` is aborted. */
export async function followAsTab({ name, onChange, onLive, signal }: TabOptions): Promise<void> {
  const channel = new BroadcastChannel(name);
  let position: string | null = null;
  let isLive = false;
  let leads = false;
  const take = (message: Message): void => {
    if (message.what === 'event') {
      position = message.position;
      onChange(message.change);
    }
    if (message.what === 'lost' || message.what === 'open') {
      // A tab that has just come may have missed something, too.
      if (message.what === 'open' && !(message.isWhole && isLive)) onChange(null);
      if (message.what === 'open') position = message.position;
      isLive = message.what === 'open';
      onLive(isLive);
    }
  };
  const tell = (message: Message): void => {
    take(message);
    channel.postMessage(message);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.what !== 'asks') take(data);
    else if (leads && isLive) channel.postMessage({ what: 'open', position, isWhole: true } satisfies Message);
  });
  channel.postMessage({ what: 'asks' } satisfies Message);
  const lead = async (): Promise<void> => {
    leads = true;
    await followEvents({
      position: () => position,
      onOpen: (isWhole) => tell({ what: 'open', position: isWhole ? position : null, isWhole }),
      onEvent: (event) => tell({ what: 'event', position: event.id ?? position ?? '', change: toChange(event) }),
      onLost: () => tell({ what: 'lost' }),
      signal,
    });
  };
  try {
    if ('locks' in navigator) await navigator.locks.request(name, { signal }, lead);
    else await lead();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    // The next one to lead says when it follows.
    if (leads) channel.postMessage({ what: 'lost' } satisfies Message);
    channel.close();
    onLive(false);
  }
}

function toChange({ event, data }: EventSourceMessage): Change {
  if (event === undefined || event === 'gap') return null;
  const { data: facts } = JSON.parse(data) as { data: { executionId: string } };
  return { run: facts.executionId, type: event };
}
