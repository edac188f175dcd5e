import { expect, it } from 'vitest';
import { missingToolsMessage } from './missing-tools.message.ts';

it('tells all missing tools at once: what for, how to get them, and the two other ways', () => {
  const message = missingToolsMessage(
    new Map([
      ['maven', null],
      ['go', 'go1.19'],
    ]),
  );
  expect(message).toContain(
    'Go 1.25 or newer: builds the Temporal server and the MongoDB-compatible store (found: go1.19)',
  );
  expect(message).toContain('Maven 3.6 or newer: fetches the Kafka broker');
  expect(message).toContain('sudo apt-get install golang-go maven');
  expect(message).toContain('brew install go maven');
  expect(message).toContain('docker compose up');
  for (const variable of ['TEMPORAL_ADDRESS', 'KAFKA_BROKERS', 'MONGODB_URI']) expect(message).toContain(variable);
  expect(message).not.toContain('Java');
});
