import type { Rule } from '../../shared/client.ts';
import { topicFor } from '../../shared/rule/example-event.ts';
import { readEvent, sampleEvent } from './sample-event.ts';

/**
 * A line for a shell in the folder of an instance that `npm start` runs: it publishes an event that the rule is for.
 * @param login of an account that there is
 * @param event its id, which starts each rule once, and its time (ISO 8601 UTC)
 */
export function publishCommand(rule: Rule, login: number | null, event: { id: string; occurredAt: string }): string {
  const value = { ...readEvent(sampleEvent(rule, login)), ...event };
  const message = JSON.stringify({ topic: topicFor(rule.trigger_event), value });
  return `printf '%s' '${message.replaceAll("'", String.raw`'\''`)}' | npm run -s publish -- -`;
}
