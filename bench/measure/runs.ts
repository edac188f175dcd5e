/** Runs completed per second, ours against the hand-written workflows, round by round on the same servers. */
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { DirectoryData } from '#libs/domain/directory/directory-data.ts';
import type { RunningStack } from '../../stack/stack.ts';
import type { Baseline } from '../baseline/contest.ts';
import type { Figures } from '../figures.ts';
import { cpuSeconds } from '../processes.ts';
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

/** Customers the writes are spread over: hardly two runs wait for each other. */
const customerCount = 1_000;
/** The first round warms caches and compilers up and is not counted. */
const warmUpEvents = 200;

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

/** What the rules and the hand-written workflows write to alike. */
export const directory: Partial<DirectoryData> = {
  managers: [{ id: 1, name: 'Ada', enabled: true }],
  statuses: [{ id: 1, type: 'sales', code: 'vip' }],
  customers: Array.from({ length: customerCount }, (_, n) => ({ id: `C-${n}`, country: 'BR' })),
};

export interface Extent {
  rounds: number;
  eventsPerRound: number;
  say: (text: string) => void;
}

type Contestant =
  'three webhooks' | 'by hand, three HTTP activities' | 'three effects' | 'by hand, three writes' | 'empty workflow';

export async function measureRuns(contest: Contest, { rounds, eventsPerRound, say }: Extent): Promise<Figures> {
  const { signalbox, baseline, sink } = contest;
  const seen: Record<Contestant, { rate: number[]; cpu: Record<string, number>[] }> = {
    'three webhooks': { rate: [], cpu: [] },
    'by hand, three HTTP activities': { rate: [], cpu: [] },
    'three effects': { rate: [], cpu: [] },
    'by hand, three writes': { rate: [], cpu: [] },
    'empty workflow': { rate: [], cpu: [] },
  };
  for (let round = -1; round < rounds; round += 1) {
    const count = round < 0 ? warmUpEvents : eventsPerRound;
    const customer = (n: number): string => `C-${n % customerCount}`;
    const contests: [Contestant, () => Promise<number>][] = [
      ['by hand, three HTTP activities', () => baseline.rate('threeCalls', count, (n) => [sink.url, `${round}-${n}`])],
      ['three webhooks', () => ours(signalbox, 'calls', count, round)],
      ['empty workflow', () => baseline.rate('empty', count, () => [])],
      ['three effects', () => ours(signalbox, 'effects', count, round)],
      ['by hand, three writes', () => baseline.rate('threeWrites', count, (n) => [customer(n), `${round}-${n}`])],
    ];
    for (const [contestant, work] of contests) {
      const { rate, cpu } = await accounted(contest, count, work);
      if (round < 0) continue;
      say(`${contestant}: ${rate.toFixed(1)} runs/s`);
      seen[contestant].rate.push(rate);
      seen[contestant].cpu.push(cpu);
    }
  }
  const ratio = (ours: Contestant, baseline: Contestant): number =>
    median(seen[ours].rate.map((rate, round) => rate / (seen[baseline].rate[round] ?? Number.NaN)));
  const details: Record<string, number> = {};
  for (const [contestant, { rate, cpu }] of Object.entries(seen)) {
    details[`runs/s, ${contestant}`] = median(rate);
    for (const name of Object.keys(cpu[0] ?? {})) {
      details[`CPU s per 1,000 runs, ${contestant}: ${name}`] = median(cpu.map((seconds) => seconds[name] ?? 0));
    }
  }
  return {
    ratios: {
      runs_ratio: ratio('three webhooks', 'by hand, three HTTP activities'),
      effects_ratio: ratio('three effects', 'by hand, three writes'),
      limit_share: ratio('three effects', 'empty workflow'),
    },
    details,
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

/** CPU seconds that each process used per 1,000 runs. */
export async function accounted(
  { stack, signalbox, baseline }: Contest,
  count: number,
  work: () => Promise<number>,
): Promise<{ rate: number; cpu: Record<string, number> }> {
  const processes: [string, number[]][] = [
    ['ingress', [signalbox.pid('ingress')]],
    ['worker', [signalbox.pid('worker')]],
    ...(['api', 'delivery'] as const).flatMap((app) =>
      signalbox.optionalPid(app).map((pid): [string, number[]] => [app, [pid]]),
    ),
    ['worker by hand', [baseline.pid]],
    ...Object.values(stack.servers).map((server): [string, number[]] => [server.name, server.pids()]),
  ];
  const usage = (): number[] => processes.map(([, pids]) => cpuSeconds(pids));
  const before = usage();
  const rate = await work();
  const after = usage();
  const cpu: Record<string, number> = {};
  for (const [position, [name]] of processes.entries()) {
    const spent = ((after[position] ?? 0) - (before[position] ?? 0)) / (count / 1000);
    // Idle processes are of no interest.
    if (spent >= 0.2) cpu[name] = spent;
  }
  return { rate, cpu };
}
