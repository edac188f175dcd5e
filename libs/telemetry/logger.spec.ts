import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.ts';

const secret = 'pQ4xT9vLm2RkS7wZy8NcB1dH';
const url = `https://hooks.slack.com/services/T0AB12CD3/B0EF45GH6/${secret}`;

function lineOf(write: (log: Logger) => void): string {
  let written = '';
  write(createLogger('test', 'info', { write: (line) => void (written += line) }));
  return written;
}

describe('createLogger', () => {
  it('writes one JSON object a line with the name of the process and the time', () => {
    const line = lineOf((log) => log.info({ eventId: 'e-1' }, 'matched'));
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({ app: 'test', level: 30, eventId: 'e-1', msg: 'matched' });
    expect(JSON.parse(line).time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('keeps type, message, stack and code of an error', () => {
    const error = Object.assign(new TypeError('broken'), { code: 'E_BROKEN' });
    const { err } = JSON.parse(lineOf((log) => log.error({ err: error }, 'failed'))) as { err: object };
    expect(err).toMatchObject({ type: 'TypeError', message: 'broken', code: 'E_BROKEN' });
    expect(err).toHaveProperty('stack', expect.stringContaining('logger.spec.ts'));
  });

  it.each<[string, (log: Logger) => void]>([
    ['the message', (log) => log.info(`sending to ${url}`)],
    ['a value put into the message', (log) => log.info('sending to %s', url)],
    ['a field', (log) => log.info({ url }, 'sending')],
    ['a field deep down', (log) => log.info({ request: { headers: { 'x-api-key': secret } } }, 'sending')],
    ['an error', (log) => log.error(new Error(`no answer from ${url}`))],
    ['the cause of an error', (log) => log.error({ err: new Error('failed', { cause: new Error(url) }) }, 'failed')],
    ['a name bound to a child', (log) => log.child({ target: url }).info('sending')],
  ])('R-091 masks a secret in %s', (_, write) => {
    const line = lineOf(write);
    expect(line).toContain('***');
    expect(line).not.toContain(secret);
  });
});
