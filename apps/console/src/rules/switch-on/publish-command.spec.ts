import { expect, it } from 'vitest';
import { publishCommand } from './publish-command.ts';

const event = { id: 'example-1', occurredAt: '2026-01-31T12:00:00.000Z' };

it('is a message on the topic of the trigger, as one word of a shell', () => {
  const conditions = { field: 'event.name', operator: 'eq', value: `O'Neill $HOME` };
  const rule = { trigger_event: 'customer.renamed', brand: null, conditions };
  const command = publishCommand(rule as unknown as Parameters<typeof publishCommand>[0], null, event);
  const message = { topic: 'crm.events', value: { type: 'customer.renamed', data: { name: 'NAME' }, ...event } };
  const word = JSON.stringify(message).replace('NAME', String.raw`O'\''Neill $HOME`);
  expect(command).toBe(`printf '%s' '${word}' | npm run -s publish -- -`);
});
