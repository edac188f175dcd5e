import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, dataOf, newIdempotencyKey } from '../shared/client.ts';
import type { Command } from './runs.queries.ts';

export interface GivenCommand {
  command: Command;
  reason: string;
}

const paths = {
  pause: '/api/workflow/runs/{id}/pause',
  resume: '/api/workflow/runs/{id}/resume',
  cancel: '/api/workflow/runs/{id}/cancel',
  retry: '/api/workflow/runs/{id}/retry',
} as const;

/** Sends a command to a run: sent again after a failure, it has the same Idempotency-Key; after it was taken, another. */
export function useCommand(runId: string, onTaken: () => void) {
  const queries = useQueryClient();
  const sent = useRef<{ content: string; key: string } | null>(null);
  return useMutation({
    mutationFn: ({ command, reason }: GivenCommand) => {
      const content = `${command} ${reason}`;
      if (sent.current?.content !== content) sent.current = { content, key: newIdempotencyKey() };
      const params = { path: { id: runId }, header: { 'Idempotency-Key': sent.current.key } };
      return dataOf(api.POST(paths[command], { params, body: reason === '' ? {} : { reason } }));
    },
    onSuccess: async () => {
      sent.current = null;
      onTaken();
      await queries.invalidateQueries({ queryKey: ['run', runId] });
    },
  });
}
