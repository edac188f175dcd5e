/**
 * The API's stream of lifecycle events, followed for as long as it is wanted. It is read by `fetch`, since an
 * `EventSource` sends no `Authorization`.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { currentSession, endSession } from '../session/session.ts';
import { backoff, pause } from './backoff.ts';

export interface FollowOptions {
  /** Of the last event that was seen. Null: from now on. */
  position: () => string | null;
  /** @param isWhole whether it goes on where it was: else events may be missing */
  onOpen: (isWhole: boolean) => void;
  onEvent: (event: EventSourceMessage) => void;
  /** It is cut, and will be tried again. */
  onLost: () => void;
  signal: AbortSignal;
}

const address = '/api/workflow/events';
/** The server sends a comment every 15 seconds: without one for so long the connection is lost, in milliseconds. */
const silenceMs = 40_000;

/** Resolves when `signal` is aborted. */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { signal, onLost } = options;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const waitMs = await readStream(options, () => (failures = 0)).catch(() => 0);
    if (signal.aborted) return;
    onLost();
    await pause(Math.max(waitMs, backoff(failures)), signal);
  }
}

/** Resolves when the stream ends, or cannot begin. @returns how long the server wants to be left alone, in milliseconds */
async function readStream({ position, onOpen, onEvent, signal }: FollowOptions, opened: () => void): Promise<number> {
  const token = currentSession().session?.token ?? '';
  const silence = new AbortController();
  const after = position();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const response = await fetch(address, {
      headers: { Authorization: `Bearer ${token}`, ...(after !== null && { 'Last-Event-ID': after }) },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 401) endSession(token);
    if (!response.ok || response.body === null) return refusal(response, after !== null, onOpen);
    opened();
    onOpen(after !== null);
    const parser = createParser({ onEvent });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      parser.feed(read.value);
    }
    return 0;
  } finally {
    clearTimeout(timer);
  }
}

/** A position that the server does not know any more is given up: all is read anew instead. */
function refusal({ status, headers }: Response, hasPosition: boolean, onOpen: FollowOptions['onOpen']): number {
  if (status === 400 && hasPosition) onOpen(false);
  return Number(headers.get('Retry-After') ?? 0) * 1000;
}
