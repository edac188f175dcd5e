/** What callers of workflow webhooks send and get, as the API's description says it. What is sent is read by hand. */
import { z } from 'zod';

export const handshakeData = z.object({
  sessionToken: z.string().meta({ description: 'To be sent as x-session-token' }),
  expiresIn: z.literal(300).meta({ description: 'Seconds' }),
});

export const reportData = z.object({ received: z.literal(true) });

export const reportedEventSchema = {
  type: 'object',
  required: ['eventType', 'customerId', 'occurredAt'],
  description: 'Further members are seen by conditions as event.*; none may be called like a credential',
  properties: {
    eventType: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+$',
      maxLength: 200,
      description: 'Words with dots between them',
    },
    customerId: { type: 'string', minLength: 1, maxLength: 200, description: 'Of the broker, for ever' },
    occurredAt: { type: 'string', format: 'date-time', description: 'When it happened, not when it is sent again' },
    email: { type: 'string' },
    firstName: { type: 'string' },
    lastName: { type: 'string' },
    tradingAccounts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['platform', 'login'],
        properties: { platform: { type: 'string', enum: ['MT4', 'MT5'] }, login: { type: 'integer', minimum: 0 } },
      },
    },
    idempotencyKey: {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description: 'The same as the header Idempotency-Key, where both are sent',
    },
  },
  example: {
    eventType: 'user.registered',
    customerId: 'C-10042',
    email: 'ana@example.com',
    firstName: 'Ana',
    lastName: 'Silva',
    occurredAt: '2026-11-21T09:30:00.000Z',
  },
};
