/** `signalbox rules backtest`: what a rule would have done. */
import type { Command } from '@commander-js/extra-typings';
import { Backtest } from '#libs/backtest/backtest.ts';
import type { IncomingMessage } from '#libs/contracts/message.ts';
import { backtestNotes, type BacktestResult } from '#libs/domain/rules/backtest-result.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { unsavedRule } from '#libs/domain/rules/rule-definition.ts';
import { authorName } from '../author-name.ts';
import { InvalidError } from '../cli-error.ts';
import { jsonOption, type Tools } from '../command.ts';
import { fileOption, readInputFiles } from '../input-files.ts';
import { details, table } from '../table.ts';
import { acceptedRules } from './accepted-rules.ts';

const maxDays = 90;
const dayMs = 24 * 60 * 60 * 1000;
const incoming: readonly string[] = [topics.crm, topics.trade, topics.account];

export function addBacktest(group: Command, tools: Tools): void {
  group
    .command('backtest')
    .argument('[files...]')
    .description(
      `Hold a rule against recorded events: nothing is done

Reads what Kafka keeps of the last days, or a file, and says what the rule would have done, day by day, and what is
different beside the stored version of the rule. Nothing is written, started or published.`,
    )
    .addOption(fileOption)
    .option('--days <n>', `how far back to read, 1 to ${maxDays} (default: 7)`)
    .option(
      '--events <file>',
      'events instead of Kafka\'s: one { "topic", "value" } or a list of them, as JSON or YAML',
    )
    .addOption(jsonOption)
    .action(async (files, { file = [], days: text, events, json }) => {
      const days = readDays(text);
      const documents = await readInputFiles([...file, ...files], tools);
      const { writes } = await acceptedRules(documents, tools, 'Nothing was read');
      const [write, ...others] = writes;
      if (write === undefined || others.length > 0) {
        throw new InvalidError('Nothing was read.', [`${writes.length} rules are given: name a file with one`]);
      }
      const { rules, directory } = await tools.store();
      const candidate = unsavedRule(write.definition, write.id, authorName(undefined));
      const limits = tools.config().events;
      const test = new Backtest({ candidate, stored: await rules.get(write.id), directory, limits });
      if (events !== undefined) await test.take(await toMessages(events, tools));
      else await takeRecorded(test, days, tools);
      tools.out(json ? writeJson({ ...test.result, notes: backtestNotes }) : resultText(test.result));
    });
}

function readDays(text: string | undefined): number {
  const days = Number(text ?? 7);
  if (Number.isInteger(days) && days >= 1 && days <= maxDays) return days;
  throw new InvalidError('Nothing was read.', [`--days: must be a whole number from 1 to ${maxDays}`]);
}

async function takeRecorded(test: Backtest, days: number, { config }: Tools): Promise<void> {
  // Loaded when needed: other commands do without Kafka's client.
  const { readAllRecorded } = await import('../kafka-session.ts');
  await readAllRecorded(config().kafka, Date.now() - days * dayMs, (messages) => test.take(messages));
}

async function toMessages(file: string, tools: Tools): Promise<IncomingMessage[]> {
  const documents = await readInputFiles([file], tools);
  const items = documents.flatMap(({ content }): unknown[] => (Array.isArray(content) ? content : [content]));
  const issues: string[] = [];
  const messages = items.flatMap((item, index): IncomingMessage | [] => {
    if (isJsonObject(item) && incoming.includes(String(item['topic'])) && isJsonObject(item['value'])) {
      const origin = { topic: String(item['topic']), partition: 0, offset: String(index), timestamp: '-1' };
      return { ...origin, key: null, value: Buffer.from(writeJson(item['value'])), headers: undefined };
    }
    issues.push(`${file}: [${index}]: must be { "topic", "value" } with a topic of ${incoming.join(', ')}`);
    return [];
  });
  if (issues.length > 0) throw new InvalidError('Nothing was read.', issues);
  return messages;
}

function resultText(result: BacktestResult): string {
  const { difference } = result;
  const figures = details([
    ['events read', result.events_read],
    ['of trigger and brand', result.events_considered],
    ['unreadable', result.undecodable],
    ['matches', result.matches],
    ...(difference === null
      ? []
      : ([['beside the stored version', differenceText(difference)]] satisfies [string, string][])),
  ]);
  const days = Object.entries(result.matches_per_day).sort(([a], [b]) => (a < b ? -1 : 1));
  const samples = result.samples.map(({ event_id, at, brand, customer_id, actions }) => [
    event_id,
    at,
    brand ?? '',
    customer_id ?? '',
    writeJson(actions),
  ]);
  return [
    figures,
    ...(days.length > 0 ? ['', table(['DAY', 'MATCHES'], days)] : []),
    ...(samples.length > 0 ? ['', table(['EVENT', 'AT', 'BRAND', 'CUSTOMER', 'WOULD DO'], samples)] : []),
    '',
    ...backtestNotes.map(({ message }) => message),
  ].join('\n');
}

function differenceText({
  both,
  only_candidate,
  only_stored,
  samples,
}: NonNullable<BacktestResult['difference']>): string {
  const named = (ids: string[]): string => (ids.length === 0 ? '' : ` (${ids.slice(0, 3).join(', ')})`);
  return `${both} both, ${only_candidate} only this${named(samples.only_candidate)}, ${only_stored} only stored${named(samples.only_stored)}`;
}
