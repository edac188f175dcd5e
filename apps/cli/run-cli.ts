/** Finds the command that was asked for, runs it, and turns however it ends into an exit code. */
import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  type OutputConfiguration,
} from '@commander-js/extra-typings';
import { ConfigError, loadConfig } from '#libs/config/config.ts';
import { createAudited, type Audited } from '#libs/domain/access/audit-log.ts';
import { InvalidInputError, messageOf, PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { Differs, exitCodes, InvalidError, UsageError } from './cli-error.ts';
import type { Terminal, Tools } from './command.ts';
import { addApprovalCommands } from './approvals.commands.ts';
import { addAudit } from './audit.command.ts';
import { addDeadLetterCommands } from './dead-letters.commands.ts';
import { addEventCommands } from './events.commands.ts';
import { addDirectoryCommands } from './directory/directory.commands.ts';
import { addHeldRuns } from './held-runs.commands.ts';
import { addHookCommands } from './hooks.commands.ts';
import { addManagerCommands } from './managers.commands.ts';
import { addNotes } from './notes.commands.ts';
import { addNotifications } from './notifications.commands.ts';
import { addRuleCommands } from './rules/rule.commands.ts';
import { addRunControl } from './run-control.commands.ts';
import { addRunCommands } from './runs.commands.ts';
import type { StoreSession } from './store-session.ts';
import type { TemporalSession } from './temporal-session.ts';
import { addSetup } from './setup.command.ts';
import { addDeliveryCommands } from './deliveries.commands.ts';
import { addSubscriptionCommands } from './subscriptions.commands.ts';
import { addWebhookCommands } from './webhooks.commands.ts';
import { addTaskCommands } from './tasks.commands.ts';
import { addVersion } from './version.command.ts';

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
  const tools = { ...terminal, config: () => loadConfig(env), store, audited, heldRuns, control };
  let told = '';
  const output = {
    writeOut: (text: string) => terminal.out(text.trimEnd()),
    writeErr: (text: string) => void (told += text),
  };
  try {
    const words = toWords(args);
    await commandLine(tools, output, words).parseAsync(words, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, terminal);
    if (error.exitCode === 0) return exitCodes.ok;
    const wrong = error.code === 'commander.help' ? `no command is named\n\n${told}` : told.replace(/^error: /, '');
    return report(new UsageError(formerOption(args) ?? wrong.trimEnd()), terminal);
  } finally {
    await (await (temporal as Promise<TemporalSession> | null)?.catch(() => null))?.close();
    const opened = await (session as Promise<StoreSession> | null)?.catch(() => null);
    await opened?.close();
  }
}

function commandLine(tools: Tools, output: OutputConfiguration, args: string[]): Command {
  const root = new Command('signalbox')
    .description('signalbox: rules, directory and run log of a signalbox installation')
    .usage('COMMAND')
    .exitOverride()
    .configureOutput(output)
    .showHelpAfterError()
    .helpCommand(false)
    .configureHelp({
      helpWidth: 120,
      visibleCommands: leaves,
      subcommandTerm: pathOf,
      subcommandDescription: (command) => command.description().split('\n', 1)[0] ?? '',
    })
    .addHelpText(
      'after',
      `
signalbox COMMAND --help tells the options of a command. MONGODB_URI names the store (see .env.example).
Exit codes: 0 done, 1 something given is wrong, 2 something would change, 3 a server cannot be reached, 64 wrong usage.`,
    )
    .hook('preAction', (_, action) => refuseUnclear(action, args));
  addRuleCommands(root.command('rules'), tools);
  addDirectoryCommands(root.command('directory'), tools);
  const runs = root.command('runs');
  addRunCommands(runs, tools);
  addHeldRuns(runs, tools);
  addRunControl(runs, tools);
  addApprovalCommands(root.command('approvals'), tools);
  addNotifications(root, tools);
  addEventCommands(root.command('events'), tools);
  addDeadLetterCommands(root.command('dead-letters'), tools);
  const subscriptions = root.command('subscriptions');
  addSubscriptionCommands(subscriptions, tools);
  addDeliveryCommands(subscriptions, tools);
  addWebhookCommands(root.command('webhooks'), tools);
  addHookCommands(root.command('hooks'), tools);
  addTaskCommands(root.command('tasks'), tools);
  addNotes(root, tools);
  addManagerCommands(root.command('managers'), tools);
  addAudit(root, tools);
  addSetup(root, tools);
  addVersion(root, tools);
  return root;
}

/** `signalbox`, `signalbox help` and `signalbox help COMMAND` ask for what `--help` gives. */
function toWords(args: string[]): string[] {
  return args.length === 0 || args[0] === 'help' ? [...args.slice(1), '--help'] : args;
}

function leaves(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return command.commands.flatMap((one) => (one.commands.length === 0 ? [one] : leaves(one)));
}

function pathOf(command: CommandUnknownOpts): string {
  const group = command.parent?.parent ? `${command.parent.name()} ` : '';
  return `${group}${command.name()}`;
}

/** commander takes any text for a value: `--by --dry-run` would name an author, and store what was to be tried. */
function refuseUnclear({ options }: CommandUnknownOpts, args: string[]): void {
  const flags = options.filter(({ required }) => required).flatMap(({ short, long }) => [short, long]);
  const at = args.findIndex((arg, index) => flags.includes(arg) && /^-./.test(args[index + 1] ?? ''));
  if (at !== -1)
    throw new UsageError(`${args[at]} needs a value; one that begins with a dash is written ${args[at]}=…`);
}

/** What options were called before. */
const formerOptions: Readonly<Record<string, string>> = { '--override-two-persons': '--override-four-eyes' };

function formerOption(args: readonly string[]): string | null {
  const former = args
    .map((argument) => argument.split('=', 1)[0] ?? '')
    .find((name) => Object.hasOwn(formerOptions, name));
  return former === undefined ? null : `${former} is called ${formerOptions[former]} now`;
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
