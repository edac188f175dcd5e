import { expect, it } from 'vitest';
import { withoutAddresses } from './without-addresses.ts';

it.each([
  ['connect ECONNREFUSED 10.1.2.3:27017', 'connect ECONNREFUSED'],
  [
    'connect ECONNREFUSED ::1:27017, connect ECONNREFUSED 127.0.0.1:27017',
    'connect ECONNREFUSED, connect ECONNREFUSED',
  ],
  ['getaddrinfo ENOTFOUND mongodb', 'getaddrinfo ENOTFOUND'],
  ['getaddrinfo EAI_AGAIN mongodb.internal', 'getaddrinfo EAI_AGAIN'],
  ['connection 5 to mongodb-0.db.svc:27017 closed', 'connection 5 to its server closed'],
  ['connection <monitor> to [fe80::1]:27017 timed out', 'connection <monitor> to its server timed out'],
  ['14 UNAVAILABLE: 10.0.0.7 does not answer', '14 UNAVAILABLE: its server does not answer'],
  ['no answer of temporal.example.com:7233', 'no answer of its server'],
  ['dns: [2001:db8::1]:7233', 'dns: its server'],
])('takes the address out of "%s"', (text, rest) => {
  expect(withoutAddresses(text)).toBe(rest);
});

it.each([
  'run "rule-1:12345" is at 2026-01-02T03:04:05.000Z',
  'the Temporal namespace "default" does not know the search attributes RuleId',
  'Kafka does not show the topics alpha.trade.push, alpha.crm.events: make them, by "signalbox setup"',
  'no answer within 2000 ms',
])('leaves "%s" as it is', (text) => {
  expect(withoutAddresses(text)).toBe(text);
});
