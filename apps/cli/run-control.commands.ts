/** `signalbox runs pause|resume|cancel|retry` */
import { operatorBody } from '#libs/contracts/approval.schema.ts';
import { readBy } from '#libs/contracts/schema-problems.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import { readActor, actorOptions, operatorHelp } from './actor.ts';
import { InvalidError } from './cli-error.ts';
import { command, onlyArgument, type Command } from './command.ts';

type Verb = 'pause' | 'resume' | 'cancel' | 'retry';

const control = (verb: Verb, summary: string, said: (id: string, next: string | void) => string): Command =>
  command({
    name: `runs ${verb}`,
    summary,
    details: `
Usage: signalbox runs ${verb} ID [--reason TEXT] [--as USER] [--role ROLE]

  --reason TEXT  why, for the record
${operatorHelp}`,
    options: { ...actorOptions, reason: { type: 'string' } },
    async run({ values, positionals }, { control, out }) {
      const id = onlyArgument(positionals, 'the id of a run');
      const { data, problems } = readBy(operatorBody, { reason: values.reason });
      if (data === null)
        throw new InvalidError(
          'Nothing was done.',
          problems.map(({ path, message }) => `--${path} ${message}`),
        );
      const controlled: RunControl = await control();
      out(said(id, await controlled[verb](id, readActor(values, 'SESSION_ADMIN'), data.reason ?? null)));
    },
  });

export const runControlCommands: Command[] = [
  control('pause', 'Hold a run before its next action', (id) => `pauses before its next action: ${id}`),
  control('resume', 'Let a paused run go on', (id) => `goes on: ${id}`),
  control('cancel', 'End a run after what is under way', (id) => `is being cancelled: ${id}`),
  control('retry', 'Go on with a failed run where it failed', (id, next) => `goes on as ${next ?? id}`),
];
