/** Finds the command that was asked for, runs it, and turns however it ends into an exit code. */
import { ConfigError, loadConfig } from '#libs/config/config.ts';
import { createAudited, type Audited } from '#libs/domain/access/audit-log.ts';
import { InvalidInputError, messageOf, PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { Differs, exitCodes, InvalidError, UsageError } from './cli-error.ts';
import type { Command, Terminal } from './command.ts';
import { approvalCommands } from './approvals.commands.ts';
import { auditCommand } from './audit.command.ts';
import { eventCommands } from './events.commands.ts';
import { directoryCommands } from './directory/directory.commands.ts';
import { heldRunCommands } from './held-runs.commands.ts';
import { managerCommands } from './managers.commands.ts';
import { noteCommands } from './notes.commands.ts';
import { notificationCommands } from './notifications.commands.ts';
import { ruleCommands } from './rules/rule.commands.ts';
import { runControlCommands } from './run-control.commands.ts';
import { runCommands } from './runs.commands.ts';
import type { StoreSession } from './store-session.ts';
import type { TemporalSession } from './temporal-session.ts';
import { setupCommand } from './setup.command.ts';
import { taskCommands } from './tasks.commands.ts';
import { versionCommand } from './version.command.ts';

const commands: Command[] = [
  ...ruleCommands,
  ...directoryCommands,
  ...runCommands,
  ...heldRunCommands,
  ...runControlCommands,
  ...approvalCommands,
  ...notificationCommands,
  ...eventCommands,
  ...taskCommands,
  ...noteCommands,
  ...managerCommands,
  auditCommand,
  setupCommand,
  versionCommand,
];

/** @param args without the names of Node and of the program. @returns the exit code */
export async function runCli(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let session: Promise<StoreSession> | null = null;
  const store = (): Promise<StoreSession> => {
    // Loaded when needed: help and offline validation do without the store's driver.
    session ??= import('./store-session.ts').then(({ openStoreSession }) =>
      openStoreSession(loadConfig(env).store.uri),
    );
    return session;
  };
  const audited: Audited = async (note, act) => {
    const { audit } = await store();
    const missed = (error: unknown): void =>
      terminal.note(`signalbox: it is done, and not noted as such: ${messageOf(error)}`);
    return createAudited(audit, missed)(note, act);
  };
  let temporal: Promise<TemporalSession> | null = null;
  const temporalSession = async (): Promise<TemporalSession> => {
    const opened = await store();
    temporal ??= import('./temporal-session.ts').then(({ openTemporalSession }) =>
      openTemporalSession(loadConfig(env), opened, audited),
    );
    return temporal;
  };
  const heldRuns = async () => (await temporalSession()).heldRuns;
  const control = async () => (await temporalSession()).control;
  try {
    const found = find(args);
    if (found.help !== null) terminal.out(found.help);
    else {
      const tools = { ...terminal, config: () => loadConfig(env), store, audited, heldRuns, control };
      await found.command.run(found.rest, tools);
    }
    return exitCodes.ok;
  } catch (error) {
    return report(error, terminal);
  } finally {
    await (await (temporal as Promise<TemporalSession> | null)?.catch(() => null))?.close();
    const opened = await (session as Promise<StoreSession> | null)?.catch(() => null);
    await opened?.close();
  }
}

type Found = { help: string } | { help: null; command: Command; rest: string[] };

function find(args: string[]): Found {
  const asksHelp = args.length === 0 || args[0] === 'help' || args.includes('--help') || args.includes('-h');
  const words = args[0] === 'help' ? args.slice(1) : args;
  const firstOption = words.findIndex((word) => word.startsWith('-'));
  const named = (firstOption === -1 ? words : words.slice(0, firstOption)).slice(0, 2);
  const name = named.join(' ');
  const command = commands.find((one) => name === one.name) ?? commands.find((one) => name.startsWith(`${one.name} `));
  if (command !== undefined) {
    return asksHelp
      ? { help: `signalbox ${command.name}: ${command.help}` }
      : { help: null, command, rest: words.slice(command.name.split(' ').length) };
  }
  const group = commands.filter((one) => one.name.startsWith(`${named[0] ?? ''} `));
  const known = overview(group.length > 0 ? group : commands);
  if (asksHelp && (named.length === 0 || group.length > 0)) return { help: known };
  throw new UsageError(`${named.length === 0 ? 'no command is named' : `unknown command: ${name}`}\n\n${known}`);
}

function overview(listed: Command[]): string {
  const width = Math.max(...listed.map(({ name }) => name.length));
  const lines = listed.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'signalbox: rules, directory and run log of a signalbox installation',
    '',
    ...lines,
    '',
    'signalbox COMMAND --help tells the options of a command. MONGODB_URI names the store (see .env.example).',
    'Exit codes: 0 done, 1 something given is wrong, 2 something would change, 3 a server cannot be reached, 64 wrong usage.',
  ].join('\n');
}

function report(error: unknown, { note }: Terminal): number {
  // Its output has said what.
  if (error instanceof Differs) return exitCodes.differs;
  if (error instanceof UsageError) {
    note(`signalbox: ${error.message}`);
    return exitCodes.usage;
  }
  if (error instanceof RetryableError) {
    note(`signalbox: ${error.message}`);
    return exitCodes.unreachable;
  }
  if (error instanceof InvalidError) {
    for (const issue of error.issues) note(issue);
    note(`signalbox: ${error.message}`);
  } else if (error instanceof InvalidInputError) {
    for (const { path, message } of error.problems) note(`${path}: ${message}`);
    note(`signalbox: ${error.message}`);
  } else if (error instanceof PermanentError || error instanceof ConfigError) {
    note(`signalbox: ${error.message}`);
  } else {
    note(`signalbox: ${error instanceof Error && error.stack ? error.stack : messageOf(error)}`);
  }
  return exitCodes.invalid;
}
