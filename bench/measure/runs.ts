/** Runs completed per second, ours against the hand-written workflows, round by round on the same servers. */
import { topics } from '#libs/domain/event.ts';
import type { Rule } from '#libs/domain/rule.ts';
import type { RunningStack } from '../../stack/stack.ts';
import type { Baseline } from '../baseline/contest.ts';
import type { Figures } from '../figures.ts';
import { cpuSeconds, withDescendants } from '../processes.ts';
import { benchRule } from '../rules.ts';
import type { Signalbox } from '../signalbox.ts';
import type { Sink } from '../sink.ts';
import { median } from '../wait.ts';

export interface Contest {
  stack: RunningStack;
  signalbox: Signalbox;
  baseline: Baseline;
  sink: Sink;
}

const rounds = 3;
const eventsPerRound = 1_000;
/** Customers the writes are spread over, as many as events: no two runs wait for each other. */
const customerCount = eventsPerRound;

export const callsRule = (sink: Sink): Rule =>
  benchRule(
    'calls',
    'bench.calls',
    [0, 1, 2].map(() => ({
      type: 'webhook.send',
      params: { url: sink.url, headers: { 'content-type': 'application/json' }, body: '{"text":"High risk trade"}' },
    })),
  );

export const effectsRule: Rule = benchRule('effects', 'bench.effects', [
  { type: 'customer.set_status', params: { status: 'vip' } },
  { type: 'customer.set_risk_level', params: { risk_level: 'high' } },
  { type: 'notify.manager', params: { manager_id: 1, title: 'Look' } },
]);

export async function measureRuns(contest: Contest): Promise<Figures> {
  const { signalbox, baseline, sink } = contest;
  await signalbox.directory.load({
    managers: [{ id: 1, name: 'Ada', enabled: true }],
    statuses: [{ id: 1, type: 'sales', code: 'vip' }],
    customers: Array.from({ length: customerCount }, (_, n) => ({ id: `C-${n}`, country: 'BR' })),
  });
  const rates = {
    calls: [] as number[],
    effects: [] as number[],
    threeCalls: [] as number[],
    threeWrites: [] as number[],
    empty: [] as number[],
  };
  const ratios = { runs: [] as number[], effects: [] as number[], limit: [] as number[] };
  const cpu: Record<string, number> = {};
  // The first round warms caches and compilers up and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    const id = (n: number): string => `${round}-${n}`;
    const count = round < 0 ? 200 : eventsPerRound;
    const threeCalls = await baseline.rate('threeCalls', count, (n) => [sink.url, id(n)]);
    const calls = await accounted(contest, cpu, 'three webhooks', round, () => ours(signalbox, 'calls', count, round));
    const empty = await baseline.rate('empty', count, () => []);
    const threeWrites = await baseline.rate('threeWrites', count, (n) => [`C-${n % customerCount}`, id(n)]);
    const effects = await accounted(contest, cpu, 'three effects', round, () =>
      ours(signalbox, 'effects', count, round),
    );
    if (round < 0) continue;
    for (const [name, rate] of Object.entries({ calls, effects, threeCalls, threeWrites, empty }))
      rates[name as keyof typeof rates].push(rate);
    ratios.runs.push(calls / threeCalls);
    ratios.effects.push(effects / threeWrites);
    ratios.limit.push(effects / empty);
  }
  return {
    ratios: {
      runs_ratio: median(ratios.runs),
      effects_ratio: median(ratios.effects),
      limit_share: median(ratios.limit),
    },
    details: {
      'runs/s, three webhooks': median(rates.calls),
      'runs/s, hand-written workflow with three HTTP activities': median(rates.threeCalls),
      'runs/s, three effects': median(rates.effects),
      'runs/s, hand-written workflow with three writes': median(rates.threeWrites),
      'runs/s, empty workflow': median(rates.empty),
      ...cpu,
    },
  };
}

/** Runs of one rule per second, from the first event published to the last run completed. */
async function ours(signalbox: Signalbox, ruleId: string, count: number, round: number): Promise<number> {
  const before = signalbox.completedSoFar(ruleId);
  const messages = Array.from({ length: count }, (_, n) => {
    const customerId = `C-${n % customerCount}`;
    const value = {
      id: `${ruleId}-${round}-${n}`,
      type: `bench.${ruleId}`,
      occurredAt: new Date().toISOString(),
      customerId,
      data: { amount: 10_000, n },
    };
    return { key: customerId, value };
  });
  const from = performance.now();
  await signalbox.publish(topics.crm, messages);
  await signalbox.completed(ruleId, before + count);
  return (count / (performance.now() - from)) * 1000;
}

/** Notes the CPU seconds that each process used per 1,000 runs. */
async function accounted(
  { stack, signalbox }: Contest,
  into: Record<string, number>,
  label: string,
  round: number,
  work: () => Promise<number>,
): Promise<number> {
  const processes: Record<string, number[]> = {
    ingress: [signalbox.pid('ingress')],
    worker: [signalbox.pid('worker')],
  };
  for (const server of Object.values(stack.servers)) processes[server.name] = server.pids();
  const usage = () =>
    Object.entries(processes).map(([name, pids]) => [name, cpuSeconds(withDescendants(pids))] as const);
  const before = usage();
  const result = await work();
  if (round < 0) return result;
  for (const [position, [name, seconds]] of usage().entries()) {
    const spent = seconds - (before[position]?.[1] ?? 0);
    const key = `CPU s per 1,000 runs, ${label}: ${name}`;
    into[key] = (into[key] ?? 0) + spent / rounds / (eventsPerRound / 1000);
  }
  return result;
}
