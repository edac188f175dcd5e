import { describe, expect, it } from 'vitest';
import { lifecycleCloudEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import type { LifecycleDraft, LifecycleFacts } from '#libs/domain/runs/lifecycle-event.ts';
import type { OutgoingMessage } from '#libs/kafka/message.ts';
import { LifecyclePublisher, toCloudEvent } from './publisher.ts';

const at = '2026-01-05T10:00:00.000Z';
const base = { executionId: 'r-1:e-1', processId: 'r-1', tenantId: 'acme', occurredAt: at };
const facts: LifecycleFacts[] = [
  { ...base, eventType: 'WorkflowStarted', triggeredBy: 'system', startedAt: at, triggerPayload: null },
  { ...base, eventType: 'WorkflowCompleted', durationMs: 1834, completedAt: at, status: 'success' },
  {
    ...base,
    eventType: 'WorkflowFailed',
    failedNodeId: 'action-0',
    failedNodeType: 'webhook.send',
    errorMessage: 'no',
    errorType: null,
    failedAt: at,
  },
  {
    ...base,
    eventType: 'WorkflowPaused',
    suspendedNodeId: 'action-1',
    correlationToken: 't',
    actorId: 'alice',
    suspendedAt: at,
    expiresAt: null,
  },
  {
    ...base,
    eventType: 'WorkflowResumed',
    resumedBy: 'alice',
    correlationToken: 't',
    resumedAt: '2026-01-05T12:00:00+02:00',
  },
];
const drafts: LifecycleDraft[] = facts.map((fact, sequence) => ({ ...fact, sequence }));

describe('lifecycle events on the wire', () => {
  it.each(drafts)('R-338 $eventType is a CloudEvent as the contract says', (draft) => {
    const event = toCloudEvent(draft);
    expect(lifecycleCloudEventSchema.parse(event)).toEqual(event);
    expect(event).toMatchObject({ id: event.data.eventId, subject: 'r-1:e-1', type: draft.eventType, time: at });
    expect(event.source).toBe('/signalbox/runs/r-1:e-1');
    expect(event.sequence).toBe(`000000000${draft.sequence}`);
    expect(event.data.sequence).toBe(draft.sequence);
  });

  it('R-338 names the run by a URI reference, whatever its id holds', () => {
    const source = toCloudEvent({ ...drafts[0]!, executionId: 'r-1:e/1 @$&+,;=%é?#' }).source;
    expect(source).toBe('/signalbox/runs/r-1:e%2F1%20@$&+,;=%25%C3%A9%3F%23');
    expect(new URL(source, 'http://localhost').pathname).toBe(source);
  });

  it('R-337 refuses a time without an offset', () => {
    const event = toCloudEvent(drafts[1]!);
    const wrong = { ...event, data: { ...event.data, completedAt: '2026-01-05T10:00:00' } };
    expect(lifecycleCloudEventSchema.safeParse(wrong).success).toBe(false);
  });

  it('have ids that repeat on a retry and differ otherwise', () => {
    const ids = drafts.map((draft) => toCloudEvent(draft).id);
    expect(drafts.map((draft) => toCloudEvent(draft).id)).toEqual(ids);
    const others = drafts.map((draft) => toCloudEvent({ ...draft, executionId: 'r-1:e-2' }).id);
    expect(new Set([...ids, ...others]).size).toBe(10);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('are the same to the byte whoever made them', () => {
    for (const draft of drafts) {
      const other = Object.fromEntries(Object.entries(draft).reverse()) as unknown as LifecycleDraft;
      expect(JSON.stringify(toCloudEvent(other))).toBe(JSON.stringify(toCloudEvent(draft)));
    }
  });

  it('go out in order under the key of their run', async () => {
    const sent: Array<[string, OutgoingMessage]> = [];
    const producer = {
      send: (topic: string, message: OutgoingMessage) => Promise.resolve(void sent.push([topic, message])),
    };
    await new LifecyclePublisher(producer, 'workflow.lifecycle').publish(drafts.slice(0, 2));
    expect(sent.map(([topic, { key }]) => [topic, key])).toEqual(Array(2).fill(['workflow.lifecycle', 'r-1:e-1']));
    expect(sent.map(([, { value }]) => (JSON.parse(String(value)) as { type: string }).type)).toEqual([
      'WorkflowStarted',
      'WorkflowCompleted',
    ]);
  });
});
