/** Compares what the run records say with what an example event promises. */
import type { RunRecord } from '#libs/domain/runs/run.ts';
import type { Expectation } from './example.files.ts';

export type Arrived = Pick<Expectation, 'webhooks' | 'messages'>;

export type SeenRun = Pick<RunRecord, 'rule_name' | 'status' | 'actions'>;

/**
 * @param runs every run of the event by an example rule; runs of other rules are left out
 * @param arrived at the receiver
 * @returns one line for each difference; none = as expected
 */
export function differences(expected: Expectation, runs: SeenRun[], arrived: Arrived): string[] {
  const found: string[] = [];
  const unexplained = [...runs];
  for (const { rule, status, actions } of expected.runs) {
    const at = unexplained.findIndex((run) => run.rule_name === rule);
    const [run] = at < 0 ? [] : unexplained.splice(at, 1);
    if (run === undefined) found.push(`no run of "${rule}"; expected one that is ${status}`);
    else {
      if (run.status !== status) found.push(`the run of "${rule}" is ${run.status}; expected ${status}`);
      const statuses = run.actions.map((action) => action.status).join(', ');
      if (statuses !== actions.join(', ')) {
        found.push(`actions of "${rule}": ${statuses || 'none'}; expected ${actions.join(', ') || 'none'}`);
      }
    }
  }
  for (const run of unexplained) found.push(`a run of "${run.rule_name}" (${run.status}) that was not expected`);
  const { webhooks, messages } = arrived;
  if (webhooks !== expected.webhooks) found.push(`${webhooks} webhook calls; expected ${expected.webhooks}`);
  if (messages !== expected.messages) found.push(`${messages} mails and SMS; expected ${expected.messages}`);
  return found;
}
