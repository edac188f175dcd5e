import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import { createApprovals, type ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';

let store: Connection;
let approvals: ApprovalRepository;

beforeAll(async () => {
  store = await connectStore(databaseUri(uniqueName('approvals')));
  await ensureIndexes(store);
  approvals = createApprovals(store);
});
afterAll(() => store.close());

const approval = (token: string, more: Partial<Approval> = {}): Approval => ({
  token,
  run_id: 'r-1:e-1',
  rule_id: 'r-1',
  rule_name: 'Payout',
  action: 0,
  event_id: 'e-1',
  tenant: 'acme',
  customer_id: null,
  login: null,
  title: 'Pay out?',
  message: null,
  approvers: { roles: ['SESSION_ADMIN'], users: ['alice'] },
  required: 1,
  forbidden_users: [],
  state: 'open',
  answers: [],
  reassignments: [],
  asked_at: '2026-01-05T10:00:00.000Z',
  expires_at: null,
  closed_at: null,
  ...more,
});

describe('the inbox of approvals', () => {
  it('keeps a question as it was written last, and as it was once it is closed', async () => {
    const token = uniqueName('token');
    await approvals.put(approval(token));
    const answers = [
      {
        by: 'alice',
        person: 'alice',
        decision: 'approve' as const,
        comment: 'ok',
        data: null,
        at: '2026-01-05T10:01:00.000Z',
      },
    ];
    const closed = approval(token, { state: 'approved', answers, closed_at: '2026-01-05T10:01:00.000Z' });
    await approvals.put(closed);
    // A write that was thought lost arrives late.
    await approvals.put(approval(token));
    expect(await approvals.get(token)).toEqual(closed);
    expect(await approvals.get(uniqueName('token'))).toBeNull();
  });

  it('shows each person what they may answer, newest first, page by page', async () => {
    const tenant = uniqueName('brand');
    const tokens = Array.from({ length: 3 }, (_, n) => `${tenant}-${n}`);
    for (const [n, token] of tokens.entries()) {
      await approvals.put(approval(token, { tenant, asked_at: `2026-01-05T10:0${n}:00.000Z` }));
    }
    const others = { tenant, approvers: { roles: [], users: ['bob'] } };
    await approvals.put(approval(`${tenant}-bob`, others));
    await approvals.put(approval(`${tenant}-own`, { tenant, forbidden_users: ['alice'] }));
    const alice = { userId: 'alice', role: 'SESSION_DEALER', brands: [tenant] };
    const first = await approvals.list({ answerableBy: alice, state: 'open' }, { limit: 2 });
    expect(first.items.map(({ token }) => token)).toEqual([tokens[2], tokens[1]]);
    const second = await approvals.list(
      { answerableBy: alice, state: 'open' },
      { limit: 2, cursor: first.nextCursor! },
    );
    expect(second.items.map(({ token }) => token)).toEqual([tokens[0]]);
    expect(second.nextCursor).toBeNull();
    const admin = { userId: 'root', role: 'SESSION_ADMIN', brands: [tenant] };
    const forAdmin = await approvals.list({ answerableBy: admin });
    expect(forAdmin.items.map(({ token }) => token).sort()).toEqual([...tokens, `${tenant}-own`].sort());
    expect((await approvals.list({ answerableBy: { ...alice, brands: ['other'] } })).items).toEqual([]);
    expect((await approvals.list({ tenants: [tenant] })).items).toHaveLength(5);
  });

  it('gives what is open by when it is due, and what never is behind it, page by page', async () => {
    const tenant = uniqueName('brand');
    const put = (name: string, expires_at: string | null, more: Partial<Approval> = {}) =>
      approvals.put(approval(`${tenant}-${name}`, { tenant, expires_at, ...more }));
    await put('never-1', null, { asked_at: '2026-01-01T00:00:00.000Z' });
    await put('late', '2026-03-01T00:00:00.000Z');
    await put('never-2', null);
    await put('soon', '2026-02-01T00:00:00.000Z');
    await put('soon-too', '2026-02-01T00:00:00.000Z', { asked_at: '2026-01-06T00:00:00.000Z' });
    await put('closed', '2026-01-15T00:00:00.000Z', { state: 'expired', closed_at: '2026-01-15T00:00:00.000Z' });
    const wanted = ['soon', 'soon-too', 'late', 'never-1', 'never-2'].map((name) => `${tenant}-${name}`);
    for (const limit of [1, 2, 3, 4, 5, 50]) {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await approvals.listDue({ tenants: [tenant] }, { limit, ...(cursor !== null && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        found.push(...page.items.map(({ token }) => token));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(found).toEqual(wanted);
    }
    for (const cursor of ['nonsense', 'never.nonsense']) {
      await expect(approvals.listDue({}, { cursor })).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });

  it.each([
    '{"a.b":1,"$where":"x","":2}',
    '{"list":[[1],[2]],"nul\\u0000":"a\\u0000b"}',
    '{"nested":{"__proto__":{"x":1},"half":"\\ud800"}}',
  ])('keeps what an answer brings along, whatever it is called: %s', async (json) => {
    const token = uniqueName('token');
    const data = JSON.parse(json) as Record<string, unknown>;
    const at = '2026-01-05T10:01:00.000Z';
    const answers = [{ by: 'alice', person: 'alice', decision: 'approve' as const, comment: null, data, at }];
    await approvals.put(approval(token, { answers, state: 'approved', closed_at: at }));
    expect(JSON.stringify((await approvals.get(token))?.answers[0]?.data)).toBe(JSON.stringify(data));
  });

  it('says that it can never be stored what the store does not take, instead of asking again and again', async () => {
    const of = (member: object): Approval => Object.assign(approval(uniqueName('token')), member);
    for (const wrong of [{ 'a.b': 1 }, { n: { $x: 1 } }, { list: [[1], [2]] }, { 'nul\0': 1 }]) {
      const code = await approvals.put(of(wrong)).then(
        () => 'store_rejected', // MongoDB takes some of them.
        (error: { code?: unknown; retryable?: boolean }) => (error.retryable === false ? error.code : error),
      );
      expect(code).toBe('store_rejected');
    }
  });

  it('shows nobody of a brand called "default" what belongs to none', async () => {
    const run_id = uniqueName('run');
    await approvals.put(approval(uniqueName('token'), { run_id, tenant: null }));
    const admin = { userId: 'root', role: 'SESSION_ADMIN' };
    const listed = async (brands?: string[]) =>
      (await approvals.list({ runId: run_id, answerableBy: { ...admin, brands } })).items.length;
    expect([await listed(['default']), await listed()]).toEqual([0, 1]);
  });

  it('shows a person what they may answer under any of their names', async () => {
    const run_id = uniqueName('run');
    const put = (more: Partial<Approval>) => approvals.put(approval(uniqueName('token'), { run_id, ...more }));
    await put({ approvers: { roles: [], users: ['7'] } });
    await put({ approvers: { roles: [], users: ['ada@acme.example'] }, forbidden_users: ['7'] });
    const ada = { userId: 'ada@acme.example', role: 'SESSION_DEALER', names: ['7', 'ada@acme.example'] };
    const { items } = await approvals.list({ runId: run_id, answerableBy: ada });
    expect(items.map(({ approvers }) => approvers.users)).toEqual([['7']]);
  });

  it('closes what a run left open', async () => {
    const [open, done] = [uniqueName('token'), uniqueName('token')];
    const run_id = uniqueName('run');
    await approvals.put(approval(open, { run_id }));
    await approvals.put(approval(done, { run_id, state: 'rejected', closed_at: '2026-01-05T10:01:00.000Z' }));
    await approvals.cancelOpen(run_id, '2026-01-06T00:00:00.000Z');
    expect(await approvals.get(open)).toMatchObject({ state: 'cancelled', closed_at: '2026-01-06T00:00:00.000Z' });
    expect(await approvals.get(done)).toMatchObject({ state: 'rejected' });
  });
});
