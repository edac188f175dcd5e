/** `signalbox dead-letters list|show|resend` */
import { Option, type Command } from '@commander-js/extra-typings';
import type { ResendBatch } from '#libs/dead-letters/dead-letter-admin.ts';
import { deadLetterStates } from '#libs/domain/events/dead-letter.ts';
import { InvalidError, UsageError } from './cli-error.ts';
import { brandOption, byOption, cursorOption, jsonOption, limitOption, type Tools } from './command.ts';
import { anyone, toActor } from './subscriptions.commands.ts';
import { details, table } from './table.ts';

export function addDeadLetterCommands(deadLetters: Command, tools: Tools): void {
  const { out, note } = tools;

  deadLetters
    .command('list')
    .description('List messages that could not be processed, newest first')
    .option('--reason <code>', 'such as not_json')
    .option('--topic <topic>', 'where they came from, without the prefix')
    .addOption(new Option('--state <state>').choices(deadLetterStates))
    .addOption(brandOption)
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async ({ reason, topic, state, brand, limit, cursor, json }) => {
      const { withDeadLetters } = await import('./dead-letter-session.ts');
      const filter = {
        ...(reason !== undefined && { reason }),
        ...(topic !== undefined && { topic }),
        ...(state !== undefined && { state }),
        ...(brand !== undefined && { brand }),
      };
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await withDeadLetters(tools, (admin) => admin.list(anyone, filter, page));
      if (json) return out(JSON.stringify({ dead_letters: items, next_cursor: nextCursor }));
      const rows = items.map(({ at, state: now, obstacle, reason: why, origin, dead_letter_id, message }) => [
        at,
        obstacle === null ? now : `${now} (${obstacle})`,
        why,
        `${origin.topic}/${origin.partition}/${origin.offset}`,
        dead_letter_id,
        message,
      ]);
      out(table(['TIME', 'STATE', 'REASON', 'ORIGIN', 'ID', 'MESSAGE'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  deadLetters
    .command('show')
    .argument('<id>', 'of a dead letter')
    .description('Show a dead letter, with the beginning of its message, masked')
    .addOption(jsonOption)
    .action(async (id, { json }) => {
      const { withDeadLetters } = await import('./dead-letter-session.ts');
      const letter = await withDeadLetters(tools, (admin) => admin.show(anyone, id));
      if (json) return out(JSON.stringify(letter));
      const { payload, headers, origin, resend, ...rest } = letter;
      const facts = {
        ...rest,
        origin: `${origin.topic}/${origin.partition}/${origin.offset}`,
        resend: resend && `${resend.at} by ${resend.by}`,
        headers: headers.map(({ name, value }) => `${name}: ${value}`).join('\n'),
        payload: payload.kind === 'binary' ? '(binary)' : payload.text,
      };
      out(details(Object.entries(facts)));
    });

  deadLetters
    .command('resend')
    .argument('[id]', 'of a dead letter')
    .description(
      `Send dead letters again on the topics that they came from, each once at most

One by its id, or all of a reason that are there now, the oldest first. What is wrong has to be mended before: a message
that fails again is a new dead letter.`,
    )
    .option('--reason <code>', 'all of this reason')
    .addOption(byOption)
    .action(async (id, { reason, by }) => {
      if ((id === undefined) === (reason === undefined)) throw new UsageError('name one by its id, or a --reason');
      const { withDeadLetters } = await import('./dead-letter-session.ts');
      const actor = toActor(by);
      await withDeadLetters(tools, async (admin) => {
        if (id !== undefined) {
          const { resend } = await admin.resend(actor, id, null);
          return out(
            `sent again: ${id}, offset ${resend?.to?.offset ?? '?'} of partition ${resend?.to?.partition ?? '?'}`,
          );
        }
        const total = { sent: 0, refused: 0, unknown: 0, taken: 0 };
        let batch: ResendBatch | null = null;
        do {
          batch = await admin.resendBatch(actor, reason ?? '', batch?.next_cursor ?? null);
          for (const { outcome } of batch.results) total[outcome] += 1;
          if (batch.stopped_by === null && batch.next_cursor !== null) note(`${total.sent} sent`);
        } while (batch.next_cursor !== null && batch.stopped_by === null);
        out(details(Object.entries(total)));
        if (batch.stopped_by !== null) throw new InvalidError('Kafka did not answer: the others were not sent');
      });
    });
}
