/** `signalbox approvals …` */
import { answerBody, reassignBody } from '#libs/contracts/approval.schema.ts';
import { inexactNumber, findInexactNumber } from '#libs/contracts/exact-numbers.ts';
import { readBy } from '#libs/contracts/schema-problems.ts';
import { withMakersOfKeys } from '#libs/domain/access/api-key.ts';
import type { AnswerDecision, Approval } from '#libs/domain/approvals/approval.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { readActor, actorOptions, answererHelp, operatorHelp } from './actor.ts';
import { InvalidError, UsageError } from './cli-error.ts';
import { command, noArguments, readOneOf, onlyArgument, wholeNumber, type Command } from './command.ts';
import type { StoreSession } from './store-session.ts';
import { details, table } from './table.ts';

const text = { type: 'string' } as const;
const states = ['open', 'approved', 'rejected', 'expired', 'cancelled'] as const;

const list = command({
  name: 'approvals',
  summary: 'List what waits for an answer, newest first',
  details: `
Usage: signalbox approvals [--mine | --all] [FILTER...] [--limit N] [--cursor CURSOR] [--json]

  --mine           only what --as and --role may answer
  --all            those that are closed, too
  --state STATE    ${states.join('|')}
  --run ID         of this run
  --brand BRAND    of this brand
  --limit N        at most this many (default 20)
  --cursor CURSOR  the next page, as the page before it named it
${answererHelp}

signalbox approvals show|approve|reject|reassign TOKEN deals with one of them.`,
  options: {
    ...actorOptions,
    mine: { type: 'boolean' },
    all: { type: 'boolean' },
    state: text,
    run: text,
    brand: text,
    limit: { type: 'string', default: '20' },
    cursor: text,
    json: { type: 'boolean' },
  },
  async run({ values, positionals }, { store, out, note }) {
    noArguments(positionals);
    const { mine, all, state, run, brand, limit, cursor, json } = values;
    if (all && state !== undefined) throw new UsageError('--all and --state contradict each other');
    const filter = {
      ...(mine && { answerableBy: readActor(values, '') }),
      ...(!all && { state: state === undefined ? ('open' as const) : readOneOf('--state', state, states) }),
      ...(run !== undefined && { runId: run }),
      ...(brand !== undefined && { tenants: [brand] }),
    };
    const page = { limit: wholeNumber('limit', limit, { min: 1, max: 500 }), ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await (await store()).approvals.list(filter, page);
    if (json) return out(JSON.stringify({ approvals: items, next_cursor: nextCursor }));
    const rows = items.map((one) => [
      one.asked_at,
      one.state,
      one.title,
      whoMay(one),
      one.expires_at,
      one.run_id,
      one.token,
    ]);
    out(table(['ASKED', 'STATE', 'TITLE', 'WHO MAY ANSWER', 'UNTIL', 'RUN', 'TOKEN'], rows));
    if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
  },
});

const show = command({
  name: 'approvals show',
  summary: 'Show a question and its answers',
  details: 'Usage: signalbox approvals show TOKEN [--json]',
  options: { json: { type: 'boolean' } },
  async run({ values, positionals }, { store, out }) {
    const found = await (await store()).approvals.get(readToken(positionals));
    if (found === null) throw new PermanentError('approval_not_found', 'There is no approval with this token.');
    out(values.json ? JSON.stringify(found) : approvalText(found));
  },
});

const answerCommand = (decision: AnswerDecision, summary: string): Command =>
  command({
    name: `approvals ${decision}`,
    summary,
    details: `
Usage: signalbox approvals ${decision} TOKEN [--as USER] [--role ROLE] [--comment TEXT] [--data JSON]

  --comment TEXT why, for the record
  --data JSON    an object that goes with the answer
${answererHelp}`,
    options: { ...actorOptions, comment: text, data: text },
    async run({ values, positionals }, { store, control, out }) {
      const token = readToken(positionals);
      const { comment, data } = values;
      const { data: answer, problems } = readBy(answerBody, { decision, comment, data: readJson(data) });
      if (answer === null)
        throw new InvalidError(
          'Nothing was done.',
          problems.map(({ path, message }) => `--${path} ${message}`),
        );
      const by = readActor(values, '');
      await checkFourEyes(await store(), token, by.userId);
      const { state, approved, required } = await (
        await control()
      ).answer({
        token,
        decision,
        by,
        comment: answer.comment ?? null,
        data: answer.data ?? null,
      });
      out(state === 'open' ? `${approved} of ${required} have approved` : state);
    },
  });

const reassign = command({
  name: 'approvals reassign',
  summary: 'Put others in charge of an open question',
  details: `
Usage: signalbox approvals reassign TOKEN [--to-role ROLE]... [--to-user USER]... [--reason TEXT]

  --to-role ROLE may be given several times, as --to-user; together they replace those who were asked
  --reason TEXT  why, for the record
${operatorHelp}`,
  options: {
    ...actorOptions,
    'to-role': { type: 'string', multiple: true, default: [] as string[] },
    'to-user': { type: 'string', multiple: true, default: [] as string[] },
    reason: text,
  },
  async run({ values, positionals }, { control, out }) {
    const token = readToken(positionals);
    const approvers = { roles: values['to-role'], users: values['to-user'] };
    const { data, problems } = readBy(reassignBody, { approvers, reason: values.reason });
    if (data === null)
      throw new InvalidError(
        'Nothing was done.',
        problems.map(({ path, message }) => `${path} ${message}`),
      );
    const by = readActor(values, 'SESSION_ADMIN');
    await (await control()).reassign({ token, approvers, by, reason: data.reason ?? null });
    out(`now asks ${[...approvers.roles, ...approvers.users].join(', ')}`);
  },
});

/** The list comes last: its name is the beginning of all the others. */
export const approvalCommands: Command[] = [
  answerCommand('approve', 'Approve what a run asks for'),
  answerCommand('reject', 'Reject what a run asks for'),
  reassign,
  show,
  list,
];

/** The run itself refuses who set it off; whether a key did so in somebody's name is not known to it. */
async function checkFourEyes({ approvals, keys }: StoreSession, token: string, userId: string): Promise<void> {
  const forbidden = (await approvals.get(token))?.forbidden_users ?? [];
  if (!(await withMakersOfKeys(forbidden, (id) => keys.get(id))).includes(userId)) return;
  throw new PermanentError('not_entitled', `${userId} set this run off and may not approve it.`);
}

function readToken(positionals: string[]): string {
  return onlyArgument(positionals, 'the token of an approval');
}

function readJson(given: string | undefined): unknown {
  if (given === undefined) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(given);
  } catch {
    throw new UsageError('--data is no JSON: such as \'{"limit": 500}\'');
  }
  const inexact = findInexactNumber(data);
  if (inexact !== null) throw new UsageError(`--data: ${inexact === '' ? '' : `${inexact} `}${inexactNumber}`);
  return data;
}

function whoMay({ approvers, required }: Approval): string {
  const names = [...approvers.roles, ...approvers.users].join(', ');
  return required > 1 ? `${required} of ${names}` : names;
}

function approvalText(one: Approval): string {
  const fields = details([
    ['title', one.title],
    ['message', one.message],
    ['state', one.state],
    ['asks', whoMay(one)],
    ['not', one.forbidden_users.join(', ')],
    ['asked', one.asked_at],
    ['until', one.expires_at],
    ['closed', one.closed_at],
    ['run', `${one.run_id}, action ${one.action + 1}`],
    ['rule', `${one.rule_name} (${one.rule_id})`],
    ['brand', one.tenant],
    ['customer', one.customer_id ?? one.login],
    ['token', one.token],
  ]);
  if (one.answers.length === 0) return fields;
  const rows = one.answers.map(({ at, by, decision, comment }) => [at, by, decision, comment]);
  return `${fields}\n\n${table(['TIME', 'BY', 'ANSWER', 'COMMENT'], rows)}`;
}
