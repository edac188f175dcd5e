/** Reads the recorded events of a backtest and holds the rule against them; it has nothing to write with. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { Backtest, type BacktestPorts } from '#libs/backtest/backtest.ts';
import type { IncomingMessage } from '#libs/contracts/message.ts';
import type { BacktestProgress, BacktestResult } from '#libs/domain/rules/backtest-result.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { BacktestInput } from '#temporal/contract/backtest.ts';

export interface BacktestActivityPorts extends Pick<BacktestPorts, 'directory' | 'limits'> {
  /** Gives what was published since, in order; see `libs/kafka/read-topic-range.ts`. */
  read: (options: {
    since: number;
    signal: AbortSignal;
    take: (messages: IncomingMessage[], total: number) => Promise<void>;
  }) => Promise<void>;
}

export function backtestActivity({ directory, limits, read }: BacktestActivityPorts) {
  return async ({ candidate, stored, since }: BacktestInput): Promise<BacktestResult> => {
    const test = new Backtest({
      candidate: JSON.parse(candidate) as Rule,
      stored: stored === null ? null : (JSON.parse(stored) as Rule),
      directory,
      limits,
    });
    const told: BacktestProgress = { events_read: 0, matches: 0, total: 0 };
    heartbeat(told);
    await read({
      since,
      signal: cancellationSignal(),
      take: async (messages, total) => {
        await test.take(messages);
        const { events_read, matches } = test.progress;
        heartbeat({ events_read, matches, total });
      },
    });
    return test.result;
  };
}
