/** How a run begins: its first event, the same wherever it is made. */
import type { LifecycleDraft } from './lifecycle-event.ts';
import { startedSequence, type RunNames } from './run-completion.ts';
import type { RunInput } from './run.ts';

export function toRunNames({ executionId, rule, tenant }: RunInput): RunNames {
  return { executionId, processId: rule.id, tenantId: tenant };
}

/** @param startedAt when Temporal started the run, as its history says; ISO 8601 UTC */
export function buildStartedEvent(input: RunInput, startedAt: string): LifecycleDraft {
  return {
    ...toRunNames(input),
    occurredAt: startedAt,
    sequence: startedSequence,
    eventType: 'WorkflowStarted',
    triggeredBy: input.triggeredBy,
    startedAt,
    triggerPayload: input.context.event,
  };
}
