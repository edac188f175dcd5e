/** `signalbox approvals …` */
import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { answerBody, reassignBody } from '#libs/contracts/approval.schema.ts';
import { inexactNumber, findInexactNumber } from '#libs/contracts/exact-numbers.ts';
import { readBy } from '#libs/contracts/schema-problems.ts';
import { withMakersOfKeys } from '#libs/domain/access/api-key.ts';
import type { AnswerDecision, Approval } from '#libs/domain/approvals/approval.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { answererRole, asOption, operatorRole, readActor } from './actor.ts';
import { InvalidError } from './cli-error.ts';
import { brandOption, cursorOption, jsonOption, limitOption, repeated, type Tools } from './command.ts';
import type { StoreSession } from './store-session.ts';
import { details, table } from './table.ts';

const states = ['open', 'approved', 'rejected', 'expired', 'cancelled'] as const;

export function addApprovalCommands(approvals: Command, { store, control, out, note }: Tools): void {
  const addAnswer = (decision: AnswerDecision, summary: string): void => {
    approvals
      .command(decision)
      .argument('<token>', 'of an approval')
      .description(summary)
      .addOption(asOption)
      .addOption(answererRole)
      .option('--comment <text>', 'why, for the record')
      .option('--data <json>', 'an object that goes with the answer', readJson)
      .action(async (token, { comment, data, ...actor }) => {
        const { data: answer, problems } = readBy(answerBody, { decision, comment, data });
        if (answer === null)
          throw new InvalidError(
            'Nothing was done.',
            problems.map(({ path, message }) => `--${path} ${message}`),
          );
        const by = readActor(actor, '');
        await checkFourEyes(await store(), token, by.userId);
        const given = { token, decision, by, comment: answer.comment ?? null, data: answer.data ?? null };
        const { state, approved, required } = await (await control()).answer(given);
        out(state === 'open' ? `${approved} of ${required} have approved` : state);
      });
  };
  addAnswer('approve', 'Approve what a run asks for');
  addAnswer('reject', 'Reject what a run asks for');

  approvals
    .command('reassign')
    .argument('<token>', 'of an approval')
    .description('Put others in charge of an open question')
    .option(
      '--to-role <role>',
      'may be given several times, as --to-user; together they replace who was asked',
      repeated,
    )
    .option('--to-user <user>', '', repeated)
    .option('--reason <text>', 'why, for the record')
    .addOption(asOption)
    .addOption(operatorRole)
    .action(async (token, { toRole: roles = [], toUser: users = [], reason, ...actor }) => {
      const approvers = { roles, users };
      const { data, problems } = readBy(reassignBody, { approvers, reason });
      if (data === null)
        throw new InvalidError(
          'Nothing was done.',
          problems.map(({ path, message }) => `${path} ${message}`),
        );
      const by = readActor(actor, 'SESSION_ADMIN');
      await (await control()).reassign({ token, approvers, by, reason: data.reason ?? null });
      out(`now asks ${[...roles, ...users].join(', ')}`);
    });

  approvals
    .command('show')
    .argument('<token>', 'of an approval')
    .description('Show a question and its answers')
    .addOption(jsonOption)
    .action(async (token, { json }) => {
      const found = await (await store()).approvals.get(token);
      if (found === null) throw new PermanentError('approval_not_found', 'There is no approval with this token.');
      out(json ? JSON.stringify(found) : approvalText(found));
    });

  approvals
    .description('signalbox approvals alone lists them: see signalbox approvals list --help.')
    .command('list', { isDefault: true })
    .description('List what waits for an answer, newest first')
    .option('--mine', 'only what --as and --role may answer')
    .option('--all', 'those that are closed, too')
    .addOption(new Option('--state <state>').choices(states).conflicts('all'))
    .option('--run <id>', 'of this run')
    .addOption(brandOption)
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(asOption)
    .addOption(answererRole)
    .addOption(jsonOption)
    .action(async ({ mine, all, state = 'open', run, brand, limit, cursor, json, ...actor }) => {
      const filter = {
        ...(mine && { answerableBy: readActor(actor, '') }),
        ...(!all && { state }),
        ...(run !== undefined && { runId: run }),
        ...(brand !== undefined && { tenants: [brand] }),
      };
      const page = { limit, ...(cursor !== undefined && { cursor }) };
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
    });
}

/** The run itself refuses the person who set it off; whose key did so is not known to it. */
async function checkFourEyes({ approvals, keys }: StoreSession, token: string, userId: string): Promise<void> {
  const forbidden = (await approvals.get(token))?.forbidden_users ?? [];
  if (!(await withMakersOfKeys(forbidden, (id) => keys.get(id))).includes(userId)) return;
  throw new PermanentError('not_entitled', `${userId} set this run off and may not approve it.`);
}

function readJson(given: string): unknown {
  let data: unknown;
  try {
    data = JSON.parse(given);
  } catch {
    throw new InvalidArgumentError('It must be JSON such as \'{"limit": 500}\'.');
  }
  const inexact = findInexactNumber(data);
  if (inexact !== null) throw new InvalidArgumentError(`${inexact === '' ? '' : `${inexact} `}${inexactNumber}`);
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
