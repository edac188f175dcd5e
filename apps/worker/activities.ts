/** Puts the activities together: what each of them reads, writes and calls. */
import type { Client } from '@temporalio/client';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import type { Config } from '#libs/config/config.ts';
import { createHttpClient } from '#libs/http/http-client.ts';
import { readRecorded, recordedTopics } from '#libs/kafka/read-topic-range.ts';
import { mailSettings } from '#libs/mail/mail-settings.ts';
import { createMailer } from '#libs/mail/mailer.ts';
import { smsProvider } from '#libs/sms/sms-settings.ts';
import { createSmsSender } from '#libs/sms/sms-sender.ts';
import { createCallOutcomes } from '#libs/store/runs/call-outcome.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { attemptLines } from '#temporal/activities/outbound/attempt-line.ts';
import { createBulkActivities } from '#temporal/activities/bulk/bulk.activities.ts';
import * as create from '#temporal/activities/create-activities.ts';
import { runContextReader } from '#temporal/activities/run/run-context.ts';
import { bulkPorts } from './bulk-ports.ts';
import type { Closers } from './closers.ts';
import type { Connections } from './connections.ts';
import { detectionPorts } from './detector-dependencies.ts';
import { createLocalPorts } from './local-ports.ts';
import { reconcilePorts } from './reconcile-ports.ts';
import { createRunCounter } from './run-counter.ts';
import type { WorkerParts } from './temporal-workers.ts';

/**
 * The activities of the worker, with everything they reach.
 * @param closers given what has to be closed after the Temporal workers have ended
 */
export function createActivities(
  { config, registry, log }: AppContext<Config>,
  { store, kafka, producer }: Connections,
  client: Client,
  closers: Closers,
): Pick<WorkerParts, 'activities' | 'mailActivities' | 'backtestActivities' | 'bulkActivities'> {
  const mail = mailSettings(config.mail);
  const localPorts = createLocalPorts(store, producer, config.kafka, config.accounts.maxPerCustomer);
  const ports = {
    ...localPorts,
    records: createRunRecords(store),
    callOutcomes: createCallOutcomes(store),
    attemptLine: attemptLines(client),
    runContext: runContextReader(client, localPorts.runData),
    maxUnanswered: config.worker.maxUnansweredMessages,
    ended: createRunCounter(registry),
    consoleUrl: mail === null ? undefined : config.console.url,
  };
  const http = createHttpClient({ ...config.webhooks, userAgent: 'signalbox' });
  closers.add(() => http.close());
  const { directory } = ports;
  return {
    activities: {
      ...create.createLocalActivities(ports),
      ...create.createMaintenanceActivities(
        { ...ports, ...reconcilePorts(config, store, client), ...detectionPorts(config, store, kafka) },
        client,
        config.temporal.taskQueue,
      ),
      ...create.createHttpActivities({
        ...ports,
        http,
        sms: createSmsSender(smsProvider(config.sms), http),
        callsTogetherMs: config.worker.callBatchMs,
      }),
    },
    bulkActivities: createBulkActivities(
      bulkPorts(config, store, client, (error) =>
        log.error({ err: error }, 'the outcome of a write could not be noted'),
      ),
    ),
    backtestActivities: create.createBacktestActivities({
      directory,
      limits: config.events,
      read: (options) => readRecorded(kafka, { topics: recordedTopics(config.kafka), ...options }),
    }),
    mailActivities: create.createMailActivities({ ...ports, mailer: mail && createMailer(mail) }),
  };
}
