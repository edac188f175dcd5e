import { describe, expect, it } from 'vitest';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import { readLifecycleMessage } from './lifecycle-message.ts';

const at = '2026-01-05T10:00:00.000Z';
const published = toCloudEvent({
  executionId: 'r-1:e-1',
  processId: 'r-1',
  tenantId: 'acme',
  occurredAt: at,
  sequence: 0,
  eventType: 'WorkflowStarted',
  triggeredBy: 'system',
  startedAt: at,
  triggerPayload: { unknown: { kept: [1] } },
});
const { data, datacontenttype, ...attributes } = published;

const structured = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
const binary = {
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, Buffer.from(value)])),
  'content-type': `${datacontenttype}; charset=utf-8`,
};
const bytes = (json: unknown) => Buffer.from(JSON.stringify(json));

describe('a message of the topic of lifecycle events', () => {
  it.each([
    ['in structured mode', { value: bytes(published), headers: structured }],
    ['in structured mode, without headers', { value: bytes(published), headers: undefined }],
    ['in binary mode', { value: bytes(data), headers: binary }],
    [
      'of a later build, with members that are not known',
      { value: bytes({ ...published, traceparent: '00', data: { ...data, more: { a: 1 } } }), headers: structured },
    ],
  ])('is read %s', (_, message) => {
    expect(readLifecycleMessage(message)).toEqual({ event: published });
  });

  it.each([
    ['nothing', null, 'not_json', 'no value'],
    ['no text', Buffer.from([0xff]), 'not_json', 'UTF-8'],
    ['no JSON', Buffer.from('{"secret'), 'not_json', 'not JSON'],
    ['JSON too deep to be read', Buffer.from('['.repeat(1001)), 'too_deep', '1000'],
    ['no object', bytes(7), 'invalid_event', 'the message'],
    ['another type', bytes({ ...published, type: 'secret' }), 'invalid_event', 'type '],
    [
      'a member that is missing',
      bytes({ ...published, data: { ...data, startedAt: undefined } }),
      'invalid_event',
      'data.startedAt is missing',
    ],
    [
      'the id of another event',
      bytes({ ...published, id: '11111111-1111-5111-8111-111111111111' }),
      'invalid_event',
      'data.eventId',
    ],
    ['the type of another event', bytes({ ...published, type: 'WorkflowFailed' }), 'invalid_event', 'data.eventType'],
    ['the run of another event', bytes({ ...published, subject: 'secret' }), 'invalid_event', 'data.executionId'],
  ])('is refused with %s, and the reason quotes nothing of it', (_, value, reason, why) => {
    const read = readLifecycleMessage({ value, headers: structured });
    expect(read).toMatchObject({ deadLetter: { reason, message: expect.stringContaining(why) } });
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  it('is refused in binary mode with a header that is no text', () => {
    const headers = { ...binary, ce_subject: Buffer.from([0xff]) };
    expect(readLifecycleMessage({ value: bytes(data), headers })).toMatchObject({
      deadLetter: { reason: 'invalid_event', message: expect.stringContaining('ce_subject') },
    });
  });
});
