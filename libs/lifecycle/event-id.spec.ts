import { describe, expect, it } from 'vitest';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import { lifecycleEventId } from './event-id.ts';

const at = '2026-01-05T10:00:00.000Z';
const base = { executionId: 'r-1:e-1', processId: 'r-1', tenantId: 'acme', occurredAt: at };
const resumed = (more: Partial<LifecycleDraft> = {}): LifecycleDraft =>
  ({
    ...base,
    eventType: 'WorkflowResumed',
    sequence: 2,
    resumedBy: 'a',
    correlationToken: 't',
    resumedAt: at,
    ...more,
  }) as LifecycleDraft;
const completed = (more: Partial<LifecycleDraft> = {}): LifecycleDraft =>
  ({
    ...base,
    eventType: 'WorkflowCompleted',
    sequence: 3,
    durationMs: 1,
    completedAt: at,
    status: 'success',
    ...more,
  }) as LifecycleDraft;

describe('the id of an event', () => {
  it('tells pauses with other tokens apart, and what follows a reset from what came before it', () => {
    const ids = [resumed(), resumed({ correlationToken: 'u' }), resumed({ reset: 'run-2' })].map(lifecycleEventId);
    expect(new Set(ids).size).toBe(3);
    expect(lifecycleEventId(resumed())).toBe(ids[0]);
  });

  it('is one for the end of a run, reset or not', () => {
    expect(lifecycleEventId(completed({ reset: 'run-2', sequence: 5 }))).toBe(lifecycleEventId(completed()));
  });
});
