import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { lifecycleEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import { OnWorkflowEvent, type WorkflowEventHandler } from './on-workflow-event.ts';
import { toWorkflowEvent, WorkflowCompleted, WorkflowFailed, WorkflowStarted } from './workflow-event.ts';
import type { AnyWorkflowEvent, WorkflowEvent } from './workflow-event.ts';

type Data = z.output<typeof lifecycleEventSchema>;
type NamesOf<Type extends Data['eventType'], Of extends { eventType: string }> = keyof Extract<Of, { eventType: Type }>;

const at = '2026-01-05T10:00:00Z';
const base = {
  eventId: '11111111-1111-5111-8111-111111111111',
  executionId: 'r:e',
  processId: 'r',
  tenantId: 't',
  sequence: 3,
};
const data: Data[] = [
  {
    ...base,
    occurredAt: at,
    eventType: 'WorkflowStarted',
    triggeredBy: 'bob',
    startedAt: at,
    triggerPayload: { a: { b: [1] } },
  },
  { ...base, occurredAt: at, eventType: 'WorkflowCompleted', durationMs: 1, completedAt: at, status: 'success' },
  {
    ...base,
    occurredAt: at,
    eventType: 'WorkflowFailed',
    failedNodeId: 'action-0',
    failedNodeType: 'note.add',
    errorMessage: 'no',
    errorType: null,
    failedAt: at,
  },
  {
    ...base,
    occurredAt: at,
    eventType: 'WorkflowPaused',
    suspendedNodeId: 'action-0',
    correlationToken: 'c',
    actorId: 'alice',
    suspendedAt: at,
    expiresAt: at,
  },
  { ...base, occurredAt: at, eventType: 'WorkflowResumed', resumedBy: 'alice', correlationToken: 'c', resumedAt: at },
];

describe('the classes of events', () => {
  it.each(data)('$eventType has the members of its contract, and no others', (one) => {
    const event = toWorkflowEvent(one);
    expect(event.constructor.name).toBe(one.eventType);
    expect(Object.fromEntries(Object.entries(event))).toEqual(one);
    expect(JSON.parse(JSON.stringify(event))).toEqual(one);
  });

  it('have the members of the contract for the compiler, too', () => {
    expectTypeOf<NamesOf<'WorkflowStarted', AnyWorkflowEvent>>().toEqualTypeOf<NamesOf<'WorkflowStarted', Data>>();
    expectTypeOf<NamesOf<'WorkflowCompleted', AnyWorkflowEvent>>().toEqualTypeOf<NamesOf<'WorkflowCompleted', Data>>();
    expectTypeOf<NamesOf<'WorkflowFailed', AnyWorkflowEvent>>().toEqualTypeOf<NamesOf<'WorkflowFailed', Data>>();
    expectTypeOf<NamesOf<'WorkflowPaused', AnyWorkflowEvent>>().toEqualTypeOf<NamesOf<'WorkflowPaused', Data>>();
    expectTypeOf<NamesOf<'WorkflowResumed', AnyWorkflowEvent>>().toEqualTypeOf<NamesOf<'WorkflowResumed', Data>>();
  });

  it.each(data)('$eventType cannot be changed', (one) => {
    const event = toWorkflowEvent(structuredClone(one));
    expect(() => Object.assign(event, { executionId: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(event, { more: 1 })).toThrow(TypeError);
    if (!(event instanceof WorkflowStarted)) return;
    const { a } = event.triggerPayload as { a: { b: number[] } };
    expect(() => a.b.push(2)).toThrow(TypeError);
  });
});

describe('@OnWorkflowEvent', () => {
  it('R-339 R-340 does not compile over a handler that does not take all of the types', () => {
    @OnWorkflowEvent(WorkflowCompleted)
    class Completed implements WorkflowEventHandler<WorkflowCompleted> {
      async handle(event: WorkflowCompleted): Promise<void> {
        expectTypeOf(event.durationMs).toEqualTypeOf<number>();
      }
    }

    @OnWorkflowEvent(WorkflowCompleted, WorkflowFailed)
    class More {
      async handle(_event: WorkflowEvent, _signal: AbortSignal): Promise<void> {}
    }

    // @ts-expect-error it takes no WorkflowFailed
    @OnWorkflowEvent(WorkflowCompleted, WorkflowFailed)
    class Fewer {
      async handle(_event: WorkflowCompleted): Promise<void> {}
    }

    // @ts-expect-error it has no `handle`
    @OnWorkflowEvent(WorkflowCompleted)
    class None {}

    // @ts-expect-error the service would not wait for it
    @OnWorkflowEvent(WorkflowCompleted)
    class Sync {
      handle(_event: WorkflowCompleted): void {}
    }

    // @ts-expect-error it names no type
    @OnWorkflowEvent()
    class Nothing {
      async handle(_event: WorkflowEvent): Promise<void> {}
    }

    class Claims implements WorkflowEventHandler<WorkflowCompleted | WorkflowFailed> {
      // @ts-expect-error it takes fewer types than it says
      async handle(_event: WorkflowCompleted): Promise<void> {}
    }

    expect([Completed, More, Fewer, None, Sync, Nothing, Claims].length).toBe(7);
  });
});
