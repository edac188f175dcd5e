import { api, dataOf } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';
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

/** Sends a command to a run. */
export function useCommand(runId: string, onTaken: () => void) {
  return useWrite(
    ({ command, reason }: GivenCommand, key) => {
      const params = { path: { id: runId }, header: { 'Idempotency-Key': key } };
      return dataOf(api.POST(paths[command], { params, body: reason === '' ? {} : { reason } }));
    },
    { onTaken, changes: [['run', runId]] },
  );
}
