/** The environment of the service; README.md says what each variable is. */
import { z } from 'zod';

export interface SubscriberConfig {
  brokers: string[];
  topicPrefix: string;
  groupId: string;
  /** URLs by process id. */
  webhooks: Record<string, string>;
}

const variables = z.object({
  KAFKA_BROKERS: z.string().min(1).default('127.0.0.1:9092'),
  KAFKA_TOPIC_PREFIX: z.string().default(''),
  KAFKA_GROUP_ID: z.string().min(1).default('webhook-subscriber'),
  WEBHOOKS: z.string().default('{}'),
});
const urls = z.record(z.string(), z.url({ protocol: /^https?$/ }));

/** @throws an error that names the variable that is wrong, and not its value: URLs may hold secrets */
export function loadConfig(environment: Record<string, string | undefined>): SubscriberConfig {
  const { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX, KAFKA_GROUP_ID, WEBHOOKS } = variables.parse(environment);
  return {
    brokers: KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    topicPrefix: KAFKA_TOPIC_PREFIX,
    groupId: KAFKA_GROUP_ID,
    webhooks: readWebhooks(WEBHOOKS),
  };
}

function readWebhooks(text: string): Record<string, string> {
  try {
    return urls.parse(JSON.parse(text));
  } catch {
    throw new Error('WEBHOOKS: expected { "process id": "http or https URL" } as JSON');
  }
}
