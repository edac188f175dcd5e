import { describe, expect, it } from 'vitest';
import { eventKey } from './event-key.ts';

const event = { id: 'e-1', topic: 'crm.events', source: null, brand: null };

describe('eventKey', () => {
  it('begins with the id of the producer', () => {
    expect(eventKey(event)).toMatch(/^e-1~[\w-]{10}$/);
    expect(eventKey(event)).toBe(eventKey({ ...event }));
  });

  it.each([{ topic: 'trade.push' }, { source: '/crm/eu' }, { source: '/crm/us' }, { brand: 'alpha' }, { id: 'e-2' }])(
    'differs for an event of %j',
    (origin) => expect(eventKey({ ...event, ...origin })).not.toBe(eventKey(event)),
  );

  it('tells a source from a brand of the same name', () => {
    expect(eventKey({ ...event, source: 'alpha' })).not.toBe(eventKey({ ...event, brand: 'alpha' }));
  });

  it('puts the digest of a long id in its place, always the same and different for each', () => {
    const long = (id: string) => eventKey({ ...event, id });
    expect(long('x'.repeat(200))).toHaveLength(211);
    expect(long('x'.repeat(201))).toMatch(/^[0-9a-f]{64}~/);
    expect(long(`${'x'.repeat(200)}y`)).not.toBe(long('x'.repeat(201)));
  });
});
