/** What others build on the events: each needs nothing but them. */
import { Inject } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OnWorkflowEvent, type WorkflowEventHandler } from '#libs/lifecycle/handlers/on-workflow-event.ts';
import {
  WorkflowCompleted,
  WorkflowFailed,
  WorkflowPaused,
  WorkflowResumed,
  WorkflowStarted,
  type AnyWorkflowEvent,
} from '#libs/lifecycle/handlers/workflow-event.ts';
import { LifecycleWorld, TestRun } from '../../support/lifecycle.ts';

let world: LifecycleWorld;

beforeAll(async () => {
  world = await LifecycleWorld.create(3);
});

afterAll(() => world.close());

/** Who did what, and what became of it: one line for each event, however often it comes. */
class AuditLog {
  readonly lines = new Map<string, string>();
}

@OnWorkflowEvent(WorkflowStarted, WorkflowCompleted, WorkflowFailed, WorkflowPaused, WorkflowResumed)
class WriteAuditLog implements WorkflowEventHandler<AnyWorkflowEvent> {
  readonly #log: AuditLog;

  constructor(@Inject(AuditLog) log: AuditLog) {
    this.#log = log;
  }

  async handle(event: AnyWorkflowEvent): Promise<void> {
    this.#log.lines.set(event.eventId, `${event.executionId}: ${this.#describe(event)}`);
  }

  #describe(event: AnyWorkflowEvent): string {
    if (event instanceof WorkflowStarted) return `started by ${event.triggeredBy}`;
    if (event instanceof WorkflowPaused) return `${event.suspendedNodeId} asks ${event.actorId}`;
    if (event instanceof WorkflowResumed) return `answered by ${event.resumedBy}`;
    if (event instanceof WorkflowFailed) return `failed at ${event.failedNodeId}: ${event.errorMessage}`;
    return `completed in ${event.durationMs} ms`;
  }
}

/** How every run of a tenant is now. */
class Board {
  readonly states = new Map<string, string>();

  count(tenantId: string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [key, state] of this.states) {
      if (key.startsWith(`${tenantId}/`)) counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  }
}

const states = {
  WorkflowStarted: 'running',
  WorkflowPaused: 'waiting',
  WorkflowResumed: 'running',
  WorkflowCompleted: 'completed',
  WorkflowFailed: 'failed',
} as const;

@OnWorkflowEvent(WorkflowStarted, WorkflowCompleted, WorkflowFailed, WorkflowPaused, WorkflowResumed)
class ShowOnDashboard implements WorkflowEventHandler<AnyWorkflowEvent> {
  readonly #board: Board;

  constructor(@Inject(Board) board: Board) {
    this.#board = board;
  }

  async handle({ tenantId, executionId, eventType }: AnyWorkflowEvent): Promise<void> {
    this.#board.states.set(`${tenantId}/${executionId}`, states[eventType]);
  }
}

/** What a tenant owes: each run that was completed, once. */
class Ledger {
  readonly items = new Map<string, { tenantId: string; durationMs: number }>();

  totalMs(tenant: string): number {
    return [...this.items.values()].reduce(
      (sum, { tenantId, durationMs }) => sum + (tenantId === tenant ? durationMs : 0),
      0,
    );
  }
}

@OnWorkflowEvent(WorkflowCompleted)
class BillRuns implements WorkflowEventHandler<WorkflowCompleted> {
  readonly #ledger: Ledger;

  constructor(@Inject(Ledger) ledger: Ledger) {
    this.#ledger = ledger;
  }

  async handle({ eventId, tenantId, durationMs }: WorkflowCompleted): Promise<void> {
    this.#ledger.items.set(eventId, { tenantId, durationMs });
  }
}

it('R-348 an audit log, a dashboard and billing, beside each other, and with events that come twice', async () => {
  const [approved, refused, quick, open] = ['acme', 'acme', 'globex', 'acme'].map(
    (tenantId) => new TestRun({ tenantId }),
  ) as [TestRun, TestRun, TestRun, TestRun];
  const completed = approved.completed({ durationMs: 500 });
  await world.publish(
    approved.started({ triggeredBy: 'bob' }),
    approved.paused(),
    approved.resumed(),
    completed,
    completed,
  );
  await world.publish(refused.started(), refused.failed({ errorMessage: 'no answer' }));
  await world.publish(quick.started(), quick.completed({ durationMs: 20 }));
  await world.publish(open.started(), open.paused({ actorId: 'carol' }));
  const subscriber = await world.subscribe([AuditLog, WriteAuditLog, Board, ShowOnDashboard, Ledger, BillRuns]);
  await world.drained(subscriber);

  const lines = [...subscriber.app.get(AuditLog).lines.values()];
  const linesOf = (run: TestRun) =>
    lines.filter((line) => line.startsWith(run.executionId)).map((line) => line.slice(run.executionId.length + 2));
  expect(linesOf(approved)).toEqual([
    'started by bob',
    'action-0 asks alice',
    'answered by alice',
    'completed in 500 ms',
  ]);
  expect(linesOf(refused)).toEqual(['started by system', 'failed at action-1: no answer']);
  expect(linesOf(open)).toEqual(['started by system', 'action-0 asks carol']);

  const board = subscriber.app.get(Board);
  expect(board.count('acme')).toEqual({ completed: 1, failed: 1, waiting: 1 });
  expect(board.count('globex')).toEqual({ completed: 1 });

  const ledger = subscriber.app.get(Ledger);
  expect([ledger.totalMs('acme'), ledger.totalMs('globex')]).toEqual([500, 20]);
});
