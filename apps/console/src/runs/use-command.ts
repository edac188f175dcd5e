import { api, dataOf } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';
import type { Command } from './run-commands.ts';

export interface GivenCommand {
  command: Command;
  reason: string;
}

export interface TakenCommand {
  /** The run that goes on: after a retry another one. */
  next: string;
  /** Temporal refuses the run for good. */
  isRefused: boolean;
}

const paths = {
  pause: '/api/workflow/runs/{id}/pause',
  resume: '/api/workflow/runs/{id}/resume',
  cancel: '/api/workflow/runs/{id}/cancel',
  retry: '/api/workflow/runs/{id}/retry',
} as const;

/** Sends a command to a run. */
export function useCommand(runId: string, onTaken: () => void) {
  return useWrite((given: GivenCommand, key) => send(runId, given, key), { onTaken, changes: [['run', runId]] });
}

async function send(id: string, { command, reason }: GivenCommand, key: string): Promise<TakenCommand> {
  const path = { id };
  if (command === 'release') {
    const { outcome } = await dataOf(api.POST('/api/workflow/runs/{id}/release', { params: { path } }));
    return { next: id, isRefused: outcome === 'refused' };
  }
  if (command === 'discard') {
    await dataOf(api.POST('/api/workflow/runs/{id}/discard', { params: { path } }));
    return { next: id, isRefused: false };
  }
  const params = { path, header: { 'Idempotency-Key': key } };
  const { run_id } = await dataOf(api.POST(paths[command], { params, body: reason === '' ? {} : { reason } }));
  return { next: run_id, isRefused: false };
}
