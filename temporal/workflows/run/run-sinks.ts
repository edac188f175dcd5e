/** What a run tells its worker, for logs and metrics. Nothing of it is told again on replay. */
import { proxySinks } from '@temporalio/workflow';
import type { ActionOutcome, RunInput } from '#libs/domain/runs/run.ts';
import type { RunReport, RunSinks } from '#temporal/contract/sinks.ts';

const { outcomes } = proxySinks<RunSinks>();

type Names = Pick<RunReport, 'runId' | 'ruleId' | 'ruleName' | 'eventId' | 'tenant'>;

export class RunReports {
  readonly #names: Names;
  readonly #total: number;

  constructor({ executionId, rule, event, tenant }: RunInput) {
    this.#names = { runId: executionId, ruleId: rule.id, ruleName: rule.name, eventId: event.id, tenant };
    this.#total = rule.actions.length;
  }

  action(outcome: ActionOutcome): void {
    outcomes.action({ ...this.#names, total: this.#total, outcome });
  }

  run(report: Omit<RunReport, keyof Names>): void {
    outcomes.run({ ...this.#names, ...report });
  }
}
