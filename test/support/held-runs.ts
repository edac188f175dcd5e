import type { Connection } from 'mongoose';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { runInput, runRecord } from './runs.ts';
import { uniqueName } from './servers.ts';

/** Runs of a rule that wait for somebody, as the ingress leaves them. @returns their ids, in order */
export async function holdRuns(store: Connection, rule: string, count: number, brand = 'alpha'): Promise<string[]> {
  const inputs = Array.from({ length: count }, () => {
    const input = runInput({ executionId: `${rule}:${uniqueName('event')}`, tenant: brand });
    return { ...input, rule: { ...input.rule, id: rule } };
  });
  const guard = { note: 'over the limit', earlier_run: null, resolved_by: null, resolved_at: null };
  const records = inputs.map(({ executionId: run_id }) =>
    runRecord({ run_id, rule_id: rule, brand, status: 'held', reason: 'limit', guard }),
  );
  await createRunLedger(store).claim(records, new Map(inputs.map((input) => [input.executionId, input])));
  return inputs.map(({ executionId }) => executionId).sort();
}
