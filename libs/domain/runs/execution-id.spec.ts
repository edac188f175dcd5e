import { describe, expect, it } from 'vitest';
import { eventKey } from '../events/event-key.ts';
import { parseEventKey, buildRunId } from './execution-id.ts';

describe('executionIdOf', () => {
  it('joins rule and event so that the event can be told again', () => {
    const key = eventKey({ id: 'trade.push/0/42', topic: 'trade.push', source: null, brand: null });
    expect(buildRunId('r-1', key)).toBe(`r-1:${key}`);
    expect(parseEventKey(`r-1:a:b`)).toBe('a:b');
  });
});
