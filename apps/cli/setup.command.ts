/** Makes what signalbox needs on servers of your own, and says what it may not make. */
import type { Command } from '@commander-js/extra-typings';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import type { Tools } from './command.ts';

export function addSetup(root: Command, { config, out, note }: Tools): void {
  root
    .command('setup')
    .description(
      `Make what is missing on the servers: search attributes, topics, indexes

Adds the search attributes of runs to the Temporal namespace, makes the Kafka topics and the indexes of the store, each
where it is missing. Nothing that is there is changed, so it may be repeated. Where the rights for it are missing, it
says what an administrator of that server has to do. The namespace has to exist.`,
    )
    .action(async () => {
      const settings = config();
      // Loaded when needed: help does without the drivers of three servers.
      const { steps } = await import('./setup-steps.ts');
      let failed = 0;
      for (const { server, prepare } of steps) {
        try {
          out(`${server}: ${await prepare(settings)}`);
        } catch (error) {
          failed += 1;
          note(`${server}: ${messageOf(error)}`);
        }
      }
      if (failed > 0)
        throw new RetryableError('setup_incomplete', `${failed} of ${steps.length} servers are not ready`);
    });
}
