/** Operators write rules without a session. They say who they are, and four eyes hold for them, too. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEntry } from '#libs/domain/access/audit-log.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { createApiKeys } from '#libs/store/access/api-key.repository.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { approval } from '../../support/approvals.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const run = (args: string[], input = '', env: Record<string, string> = { RULES_FOUR_EYES: 'true' }) =>
  signalbox(store.uri, args, input, env);
const apply = (id: string, by: string, more: object = {}, args: string[] = []): Promise<CliResult> =>
  run(['rules', 'apply', '-f', '-', '--by', by, ...args], JSON.stringify({ id, ...ruleDefinition(more) }));
const shown = async (id: string): Promise<Rule> =>
  JSON.parse((await run(['rules', 'show', id, '--json'])).stdout) as Rule;
const audited = async (target: string): Promise<AuditEntry[]> => {
  const { stdout } = await run(['audit', '--target', target, '--json']);
  return (JSON.parse(stdout) as { entries: AuditEntry[] }).entries;
};

it('refuses who activates what they wrote, also as a new rule', async () => {
  const isNew = await apply('newcomer', 'ann');
  expect(isNew).toMatchObject({ code: 1, stdout: '' });
  expect(isNew.stderr).toContain('newcomer: Rules are published by two people here.');
  expect(isNew.stderr).toContain('--override-four-eyes REASON');

  expect(await apply('draft', 'ann', { status: 'draft' })).toMatchObject({ code: 0 });
  expect((await apply('draft', 'ann', { status: 'active' })).stderr).toContain('You wrote it');
  expect(await shown('draft')).toMatchObject({ status: 'draft', version: 1 });
});

it('lets another person activate it', async () => {
  await apply('shared', 'ann', { status: 'draft' });
  expect(await apply('shared', 'bob', { status: 'active' })).toMatchObject({ code: 0 });
  expect(await shown('shared')).toMatchObject({ status: 'active', created_by: 'ann', updated_by: 'bob' });
});

it('lets who must do it alone say why, and keeps that in the audit log', async () => {
  const reason = 'incident 7: nobody else is awake';
  const done = await apply('alone', 'ann', {}, ['--override-four-eyes', reason]);
  expect(done).toMatchObject({ code: 0 });
  expect(await shown('alone')).toMatchObject({ status: 'active', version: 1 });
  const [override] = (await audited('rule/alone')).filter(({ operation }) => operation === 'rule.override');
  expect(override).toMatchObject({ by: 'ann', outcome: 'done', what: { reason, login: expect.any(String) as string } });

  // Where nobody has to be overridden there is nothing to note.
  expect(await apply('quiet', 'ann', { status: 'draft' }, ['--override-four-eyes', reason])).toMatchObject({
    code: 0,
  });
  expect((await audited('rule/quiet')).map(({ operation }) => operation)).toEqual(['rule.create']);
  expect(await apply('alone', 'ann', {}, ['--override-four-eyes', ' '])).toMatchObject({ code: 64 });
});

it('applies none of several where one needs another person', async () => {
  const rules = [
    { id: 'fine', ...ruleDefinition({ status: 'draft' }) },
    { id: 'not-fine', ...ruleDefinition() },
  ];
  const refused = await run(['rules', 'apply', '-f', '-', '--by', 'ann'], JSON.stringify(rules));
  expect(refused).toMatchObject({ code: 1 });
  expect(await run(['rules', 'show', 'fine'])).toMatchObject({ code: 1 });
});

it('does not ask for a second person where none is needed', async () => {
  const args = ['rules', 'apply', '-f', '-', '--by', 'ann'];
  const rule = JSON.stringify({ id: 'usual', ...ruleDefinition() });
  expect(await run(args, rule, {})).toMatchObject({ code: 0 });
});

it.each(['system', ' ', 'ann\u200b', 'machine:0123456789abcdef'])('takes no %j for a name', async (name) => {
  expect(await apply(uniqueName('r'), name, { status: 'draft' })).toMatchObject({ code: 64 });
});

it('lets nobody approve what a key of theirs has set off', async () => {
  await createApiKeys(store.connection).add({
    api_key_id: '0123456789abcdef',
    name: 'import',
    role: 'SESSION_ADMIN',
    brands: null,
    hash: '00',
    created_at: new Date().toISOString(),
    created_by: 'ann',
    expires_at: null,
    revoked_at: null,
    revoked_by: null,
  });
  const token = 'c'.repeat(64);
  const question = approval({ token, run_id: uniqueName('run'), forbidden_users: ['machine:0123456789abcdef'] });
  await createApprovals(store.connection).put(question);
  const env = { TEMPORAL_ADDRESS: process.env['TEMPORAL_ADDRESS'] ?? '' };
  const refused = await run(['approvals', 'approve', token, '--as', 'ann', '--role', 'SESSION_ADMIN'], '', env);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('ann set this run off and may not approve it');
});
