/** Approvals answered and carried through to the end of their runs per second, against an update handler by hand. */
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { signSession } from '../../scripts/token/session-token.ts';
import type { Figures } from '../figures.ts';
import { benchRule } from '../rules.ts';
import { waitUntil } from '../wait.ts';
import { accounted, type Contest } from './runs.ts';

/** Of each round; the first round warms up and is not counted. */
const rounds = [50, 300];
/** Answers under way at once. */
const atOnce = 16;

/** Signs the sessions of whoever answers. */
export const sessionSecret = randomBytes(32).toString('hex');

export const approvalRule: Rule = benchRule('approvals', 'bench.approvals', [
  { type: 'approval.request', params: { title: 'Pay out?', approvers: { roles: ['SESSION_DEALER'] } } },
  { type: 'notify.manager', params: { manager_id: 1, title: 'Paid' } },
]);

/** @param contest with the API running */
export async function measureApprovals(contest: Contest): Promise<Figures> {
  const { signalbox, baseline } = contest;
  const session = { sub: 'dora', role: 'SESSION_DEALER', brands: [], ttlSeconds: 3600 } as const;
  const authorization = `Bearer ${await signSession(sessionSecret, { ...session, brands: [] })}`;
  const dispatcher = new Agent({ connections: atOnce });
  const answer = async (token: string): Promise<void> => {
    const { statusCode, body } = await request(`${signalbox.url('api')}/api/workflow/approvals/${token}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"decision":"approve"}',
      dispatcher,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`an answer was refused with ${statusCode}: ${text}`);
  };
  const answerAll = async (tokens: string[]): Promise<number> => {
    const before = signalbox.completedSoFar(approvalRule.id);
    const from = performance.now();
    await forEach(tokens, answer);
    await signalbox.completed(approvalRule.id, before + tokens.length);
    return (tokens.length / (performance.now() - from)) * 1000;
  };
  let [ours, byHand] = [Number.NaN, Number.NaN];
  const details: Record<string, number> = {};
  for (const [round, count] of rounds.entries()) {
    const yardstick = await accounted(contest, count, () => baseline.answered(count, atOnce));
    const tokens = await ask(signalbox, round, count);
    const answered = await accounted(contest, count, () => answerAll(tokens));
    byHand = yardstick.rate;
    ours = answered.rate;
    for (const [who, { cpu }] of Object.entries({ 'by hand': yardstick, ours: answered })) {
      for (const [name, seconds] of Object.entries(cpu)) details[`CPU s per 1,000 answers, ${who}: ${name}`] = seconds;
    }
  }
  await dispatcher.close();
  return {
    ratios: { approvals_per_second: ours, approvals_ratio: ours / byHand },
    details: { 'approvals/s, answered and resumed, by hand': byHand, ...details },
  };
}

/** Starts runs that ask. @returns the tokens of their questions, as subscribers hear them */
async function ask(signalbox: Contest['signalbox'], round: number, count: number): Promise<string[]> {
  const before = signalbox.tokens.length;
  const events = Array.from({ length: count }, (_, n) => {
    const id = `approvals-${round}-${n}`;
    const occurredAt = new Date().toISOString();
    return { key: id, value: { id, type: approvalRule.trigger_event, occurredAt, customerId: `C-${n}`, data: { n } } };
  });
  await signalbox.publish(topics.crm, events);
  await waitUntil('the questions', 120_000, () => signalbox.tokens.length >= before + count);
  return signalbox.tokens.slice(before);
}

async function forEach(tokens: string[], answer: (token: string) => Promise<void>): Promise<void> {
  const waiting = [...tokens];
  const worker = async (): Promise<void> => {
    for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) await answer(token);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
