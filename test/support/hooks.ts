/** Incoming webhook applications for tests. */
import type { StoredWebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import type { RunWorld } from './run-world.ts';
import { uniqueName } from './servers.ts';

/** An application of no token that anybody knows. */
export function webhookApplication(given: Partial<StoredWebhookApplication> = {}): StoredWebhookApplication {
  const at = '2026-01-02T03:04:05.000Z';
  return {
    application_id: uniqueName('application'),
    name: 'crm',
    description: '',
    impersonate_username: null,
    enabled: true,
    version: 1,
    created_at: at,
    created_by: 'ada',
    updated_at: at,
    updated_by: 'ada',
    token_created_at: at,
    token_hash: uniqueName('hash'),
    ...given,
  };
}

/** What started the run of a request. */
export async function runInputOf({ runs }: { runs: RunWorld }, { run_id }: RunRecord): Promise<RunInput> {
  const document = await runs.store.collection<{ _id: string; input?: string }>('runs').findOne({ _id: run_id });
  return JSON.parse(document?.input ?? 'null') as RunInput;
}
