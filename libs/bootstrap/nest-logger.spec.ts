import { describe, expect, it } from 'vitest';
import { createLogger } from '#libs/telemetry/logger.ts';
import { NestLogger } from './nest-logger.ts';

function nestLogger(level: string) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('test', level, { write: (line) => void lines.push(JSON.parse(line)) });
  return { logger: new NestLogger(log), lines };
}

describe('NestLogger', () => {
  it('keeps start-up chatter out of the log at level info', () => {
    const { logger, lines } = nestLogger('info');
    logger.log('Mapped {/metrics, GET} route', 'RouterExplorer');
    expect(lines).toEqual([]);
  });

  it('names the part of Nest that speaks', () => {
    const { logger, lines } = nestLogger('debug');
    logger.log('Mapped {/metrics, GET} route', 'RouterExplorer');
    expect(lines).toMatchObject([{ msg: 'Mapped {/metrics, GET} route', context: 'RouterExplorer' }]);
  });

  it('keeps the stack of an error given as an object or as text', () => {
    const { logger, lines } = nestLogger('info');
    const error = new Error('broken');
    logger.error(error, undefined, 'ExceptionsHandler');
    logger.error('broken', 'Error: broken\n    at somewhere', 'ExceptionsHandler');
    expect(lines).toMatchObject([
      { msg: 'broken', context: 'ExceptionsHandler', err: { message: 'broken', stack: expect.stringContaining('\n') } },
      { msg: 'broken', context: 'ExceptionsHandler', stack: 'Error: broken\n    at somewhere' },
    ]);
  });
});
