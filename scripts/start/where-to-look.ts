/** What to try next, once everything runs. */
import { join, relative } from 'node:path';
import { consoleLink } from './console-link.ts';
import type { RunningInstance } from './instance.ts';
import type { Paint } from './terminal.ts';

export async function whereToLook(system: RunningInstance, stateDir: string, paint: Paint): Promise<string> {
  const { addresses } = system.stack;
  const api = system.apps.api.url;
  const rows: [string, string][] = [
    ['API', api],
    ['Temporal UI', addresses.temporalUi ?? 'none'],
    ['Temporal', addresses.temporal],
    ['Kafka', addresses.kafka],
    ['MongoDB', withoutPassword(addresses.mongodb)],
    ['Webhooks', `${system.receiver.url} (example receiver)`],
    ['Mail', system.messaging.mail],
    ['SMS', system.messaging.sms],
    ['Logs', relative(process.cwd(), join(stateDir, 'logs')) || '.'],
  ];
  const commands = [
    'TOKEN=$(npm run -s token -- --role SESSION_ADMIN --sub alice)',
    `curl -H "Authorization: Bearer $TOKEN" ${api}/api/workflow/runs`,
    'npm run -s signalbox -- runs list',
    'npm run -s publish -- examples/events/01-large-gold-trade.json',
  ];
  return [
    '',
    ...rows.map(([name, value]) => `   ${name.padEnd(12)} ${paint.bold(value)}`),
    '',
    `   The console: ${paint.bold(await consoleLink(api, system.secret))}`,
    '',
    ...commands.map((command) => `   ${command}`),
    '',
    paint.dim('   Ctrl-C stops everything; npm run reset removes its state.'),
  ].join('\n');
}

function withoutPassword(uri: string): string {
  return uri.replace(/\/\/[^@/]*@/, '//***@');
}
