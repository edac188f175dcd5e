/** `signalbox runs pause|resume|cancel|retry` */
import type { Command } from '@commander-js/extra-typings';
import { operatorBody } from '#libs/contracts/approval.schema.ts';
import { readBy } from '#libs/contracts/schema-problems.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import { asOption, operatorRole, readActor } from './actor.ts';
import { InvalidError } from './cli-error.ts';
import type { Tools } from './command.ts';

type Verb = 'pause' | 'resume' | 'cancel' | 'retry';

export function addRunControl(runs: Command, { control, out }: Tools): void {
  const add = (verb: Verb, summary: string, said: (id: string, next: string | void) => string): void => {
    runs
      .command(verb)
      .argument('<id>', 'of a run')
      .description(summary)
      .option('--reason <text>', 'why, for the record')
      .addOption(asOption)
      .addOption(operatorRole)
      .action(async (id, { reason, ...actor }) => {
        const { data, problems } = readBy(operatorBody, { reason });
        if (data === null)
          throw new InvalidError(
            'Nothing was done.',
            problems.map(({ path, message }) => `--${path} ${message}`),
          );
        const controlled: RunControl = await control();
        out(said(id, await controlled[verb](id, readActor(actor, 'SESSION_ADMIN'), data.reason ?? null)));
      });
  };
  add('pause', 'Hold a run before its next action', (id) => `pauses before its next action: ${id}`);
  add('resume', 'Let a paused run go on', (id) => `goes on: ${id}`);
  add('cancel', 'End a run after what is under way', (id) => `is being cancelled: ${id}`);
  add('retry', 'Go on with a failed run where it failed', (id, next) => `goes on as ${next ?? id}`);
}
