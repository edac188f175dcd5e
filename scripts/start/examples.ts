/** Plays the example events on the running system. */
import { createKafka } from '#libs/kafka/client.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { createPublisher } from '../publish/publisher.ts';
import { signSession } from '../token/session-token.ts';
import { ApiClient } from './api.client.ts';
import { exampleEvents } from './example.files.ts';
import { playExamples } from './example.player.ts';
import type { RunningInstance } from './instance.ts';
import { LogTail } from './log.tail.ts';
import { ExampleLines, type Paint } from './terminal.ts';

export interface Screen {
  paint: Paint;
  columns: number;
  print: (line: string) => void;
  signal: AbortSignal;
  /** Whether approvals are answered here; else they wait for people. */
  answers: boolean;
}

/** @returns whether every example event ended as its file says */
export async function playOn(system: RunningInstance, folder: string, screen: Screen): Promise<boolean> {
  const { print, paint } = screen;
  const token = await signSession(system.secret, {
    sub: 'examples',
    role: 'SESSION_ADMIN',
    brands: [],
    ttlSeconds: 3600,
  });
  const api = new ApiClient(system.apps.api.url, token);
  const { rules, missing } = system.examples;
  if (missing.length > 0) {
    print(
      `   ${paint.warn('The examples are not played')}: this store holds data of its own, without ${missing.join(', ')}`,
    );
    return false;
  }

  const started = new Date();
  const events = exampleEvents(folder, started.getTime().toString(36), started.toISOString());
  const kafka = createKafka(system.config.kafka, createLogger('examples', 'silent'));
  const publisher = createPublisher(kafka, system.config.kafka);
  const admin = kafka.admin();
  try {
    const wrong = await playExamples(events, {
      publisher,
      admin,
      groupId: system.config.kafka.groupId,
      receiver: system.receiver,
      countsMessages: system.messaging.isCounted,
      logs: { ingress: new LogTail(system.apps.ingress.log), worker: new LogTail(system.apps.worker.log) },
      runsOf: (eventId) => api.list<RunRecord>('/api/workflow/runs', { event_id: eventId }, 'runs'),
      exampleRules: rules,
      questions: {
        api: system.apps.api.url,
        openOf: async (runId) => {
          const query = { run_id: runId, state: 'open' };
          return (await api.list<Approval>('/api/workflow/approvals', query, 'approvals'))[0] ?? null;
        },
        ...(screen.answers && {
          answer: async ({ token }, decision) => {
            await api.post(`/api/workflow/approvals/${token}`, { decision, comment: 'by the examples' });
          },
        }),
      },
      lines: new ExampleLines(paint, screen.columns),
      print,
      signal: screen.signal,
    });
    print(
      wrong === 0
        ? `\n${paint.good(`All ${events.length} example events ended as expected.`)}`
        : `\n${paint.bad(`${wrong} of ${events.length} example events did not end as expected.`)}`,
    );
    return wrong === 0;
  } finally {
    await publisher.close();
    await admin.close();
  }
}
