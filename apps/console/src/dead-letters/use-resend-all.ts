import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, ApiFailure, dataOf } from '../shared/client.ts';
import { deadLetterKeys } from './dead-letters.queries.ts';

export const resendOutcomes = ['sent', 'refused', 'unknown', 'taken'] as const;

export interface ResendAll {
  reason: string;
  state: 'running' | 'stopped' | 'done' | 'failed';
  counts: Record<(typeof resendOutcomes)[number], number>;
  error: Error | null;
}

/** Sends all letters of a reason again, batch by batch, until all have had their turn, it is stopped, or the page is left. */
export function useResendAll() {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<ResendAll | null>(null);
  const isStopped = useRef(true);
  useEffect(
    () => () => {
      isStopped.current = true;
    },
    [],
  );

  const start = async (reason: string): Promise<void> => {
    if (!isStopped.current) return;
    isStopped.current = false;
    const counts = { sent: 0, refused: 0, unknown: 0, taken: 0 };
    const tell = (state: ResendAll['state'], error: Error | null = null): void =>
      setProgress({ reason, state, counts: { ...counts }, error });
    tell('running');
    try {
      let cursor: string | null = null;
      do {
        const body: { reason: string; cursor?: string } = cursor === null ? { reason } : { reason, cursor };
        const batch = await dataOf(api.POST('/api/workflow/dead-letters/resend', { body }));
        for (const { outcome } of batch.results) counts[outcome] += 1;
        if (batch.stopped_by !== null) throw new ApiFailure(503, batch.stopped_by, '');
        cursor = batch.next_cursor;
        tell('running');
      } while (cursor !== null && !isStopped.current);
      tell(cursor === null ? 'done' : 'stopped');
    } catch (error) {
      tell('failed', error instanceof Error ? error : new Error(String(error)));
    } finally {
      isStopped.current = true;
      await Promise.all(deadLetterKeys.map((queryKey) => queries.invalidateQueries({ queryKey })));
    }
  };

  const stop = (): void => {
    isStopped.current = true;
  };
  return { progress, start, stop };
}
