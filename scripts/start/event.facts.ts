import type { ExampleEvent } from './example.files.ts';

/** What a person recognises an event by. */
export function factsOf({ message, times }: ExampleEvent): string {
  const { topic, value } = message;
  const record = (value['record'] ?? value['data'] ?? {}) as Record<string, unknown>;
  const facts = [
    topic,
    value['type'] ?? value['event'],
    record['cmd'],
    record['symbol'],
    record['volume'] === undefined ? undefined : `${(Number(record['volume']) / 100).toFixed(2)} lots`,
    record['amount_usd'] === undefined ? undefined : `${String(record['amount_usd'])} USD`,
    record['amount'] === undefined
      ? undefined
      : `${String(record['amount'])} ${String(record['currency'] ?? '')}`.trim(),
    value['customerId'] === undefined ? undefined : `customer ${String(value['customerId'])}`,
    record['login'] === undefined ? undefined : `login ${String(record['login'])}`,
    times > 1 ? `sent ${times} times` : undefined,
  ];
  return facts.filter((fact) => fact !== undefined).join(' · ');
}
