/** What one would write by hand with Temporal and nothing else: the yardstick for everything signalbox adds. */
import { condition, defineUpdate, proxyActivities, proxySinks, setHandler, type Sinks } from '@temporalio/workflow';
import type { BaselineActivities } from './activities.ts';

const { post, writeStatus, writeRiskLevel, writeNotification } = proxyActivities<BaselineActivities>({
  startToCloseTimeout: '10s',
});

export interface BenchSinks extends Sinks {
  bench: { ended(): void };
}
const { bench } = proxySinks<BenchSinks>();

export async function threeCalls(url: string, id: string): Promise<void> {
  await post(url, `${id}/0`);
  await post(url, `${id}/1`);
  await post(url, `${id}/2`);
  bench.ended();
}

export async function threeWrites(customerId: string, id: string): Promise<void> {
  await writeStatus(customerId, 'vip');
  await writeRiskLevel(customerId, 'high');
  await writeNotification(id, customerId);
  bench.ended();
}

const answer = defineUpdate('answer');

export async function oneQuestion(customerId: string, id: string): Promise<void> {
  let answered = false;
  setHandler(answer, () => {
    answered = true;
  });
  await condition(() => answered);
  await writeNotification(id, customerId);
  bench.ended();
}

export async function empty(): Promise<void> {
  bench.ended();
}
