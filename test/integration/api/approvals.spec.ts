/** The inbox over HTTP, and what is said when Temporal is away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { approval } from '../../support/approvals.ts';
import { runInput, runRecord } from '../../support/runs.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const token = (letter: string) => letter.repeat(64);
let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await openTestStore();
  const approvals = createApprovals(store.connection);
  const asked = (day: number) => ({ asked_at: `2026-01-0${day}T00:00:00.000Z` });
  await approvals.put(approval({ token: token('a'), run_id: 'r:1', ...asked(1) }));
  await approvals.put(approval({ token: token('b'), run_id: 'r:2', tenant: 'beta', ...asked(2) }));
  await approvals.put(approval({ token: token('c'), approvers: { roles: [], users: ['frank'] }, ...asked(3) }));
  await approvals.put(
    approval({ token: token('d'), state: 'approved', closed_at: '2026-01-05T00:00:00.000Z', ...asked(4) }),
  );
  await createRunLedger(store.connection).claim(
    [runRecord({ run_id: 'r:1' }), runRecord({ run_id: 'r:3', status: 'failed', reason: 'limit' })],
    new Map([['r:3', runInput({ executionId: 'r:3' })]]),
  );
  api = await startTestApi({ MONGODB_URI: store.uri });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

const inbox = (query: string, options: TokenOptions = {}): Promise<Answer> =>
  api.as('SESSION_DEALER', `/api/workflow/approvals?${query}`, {}, options);
const letters = ({ body }: Answer) =>
  (body.data!['approvals'] as { token: string | null; asked_at: string }[])
    .map(({ asked_at }) => 'abcd'[Number(asked_at[9]) - 1])
    .join('');

describe('the inbox', () => {
  it('shows all, newest first, or the open ones the caller may answer', async () => {
    expect(letters(await inbox(''))).toBe('dcba');
    expect(letters(await inbox('mine=true'))).toBe('ba');
    expect(letters(await inbox('mine=true', { sub: 'frank' }))).toBe('cba');
    expect(letters(await inbox('mine=true&state=approved'))).toBe('d');
    expect(letters(await inbox('state=open'))).toBe('cba');
    expect(letters(await inbox('run_id=r:2'))).toBe('b');
  });

  it('shows a session for some brands nothing of the others', async () => {
    expect(letters(await inbox('', { brands: ['beta'] }))).toBe('b');
    expect(letters(await inbox('mine=true', { brands: ['beta'] }))).toBe('b');
    expect(letters(await inbox('', { brands: [] }))).toBe('');
    expect(letters(await inbox('brand=alpha'))).toBe('dca');
    expect(await inbox('brand=alpha', { brands: ['beta'] })).toMatchObject({ status: 403 });
    const hidden = await api.as('SESSION_DEALER', `/api/workflow/approvals/${token('a')}`, {}, { brands: ['beta'] });
    expect(hidden).toMatchObject({ status: 404, body: { error: { code: 'approval_not_found' } } });
  });

  it('gives what is due first, of what is open alone', async () => {
    expect(letters(await inbox('sort=due&run_id=r:2'))).toBe('b');
    expect(letters(await inbox('sort=due'))).toBe('abc');
    expect(letters(await inbox('sort=due&mine=true&state=open'))).toBe('ab');
    for (const wrong of ['sort=due&state=approved', 'sort=title']) {
      expect(await inbox(wrong)).toMatchObject({ status: 400, body: { error: { details: [{ path: 'sort' }] } } });
    }
  });

  it('comes in pages', async () => {
    const first = await inbox('limit=3');
    expect(letters(first)).toBe('dcb');
    const last = await inbox(`limit=3&cursor=${encodeURIComponent(first.body.data!['next_cursor'] as string)}`);
    expect(letters(last)).toBe('a');
    expect(last.body.data).toMatchObject({ next_cursor: null });
    expect(await inbox('cursor=nonsense')).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'cursor' }] } },
    });
    expect(await inbox('mine=yes')).toMatchObject({ status: 400, body: { error: { details: [{ path: 'mine' }] } } });
  });
});

it('tells what an approval is about, and what follows an answer', async () => {
  const request = { title: 'Pay?', approvers: { roles: ['SESSION_DEALER'] }, on_reject: 'stop' };
  const secret = 'https://chat.example/hook?token=abcdefghijklmnop';
  const actions = [
    { type: 'approval.request', params: { ...request, expires_in: { value: 1, unit: 'days' } } },
    { type: 'webhook', params: { url: secret } },
    { type: 'crm.add_note', params: { body: 'Paid.' } },
  ];
  const context = {
    brand: 'alpha',
    amount_usd: 9000,
    event: { amount: 9000, currency: 'EUR', password: 'hunter2!', list: [1] },
  };
  const base = runInput({ executionId: 'p:9', context });
  const input = { ...base, rule: { ...base.rule, actions } };
  const ledger = createRunLedger(store.connection);
  const decision = {
    eventKey: '9',
    eventId: '9',
    fingerprint: '9',
    decidedAt: '2026-01-05T00:00:00.000Z',
    skipped: [],
  };
  await ledger.decide([{ ...decision, runs: [input] }]);
  await ledger.claim([runRecord({ run_id: 'p:9', brand: 'alpha' })]);
  await createApprovals(store.connection).put(approval({ token: token('e'), run_id: 'p:9' }));
  const { body } = await api.as('SESSION_DEALER', `/api/workflow/approvals/${token('e')}`);
  expect(body.data!['background']).toMatchObject({
    facts: [
      { field: 'amount_usd', value: 9000 },
      { field: 'event.amount', value: 9000 },
      { field: 'event.currency', value: 'EUR' },
      { field: 'event.password', value: expect.stringContaining('***') as string },
    ],
    on_approve: [
      { index: 1, type: 'webhook' },
      { index: 2, type: 'crm.add_note', detail: 'Paid.' },
    ],
    on_reject: 'stop',
    on_expire: 'fail',
  });
  expect(JSON.stringify(body)).not.toMatch(/abcdefghijkl|hunter2/);
  const unknown = await api.as('SESSION_DEALER', `/api/workflow/approvals/${token('b')}`);
  expect(unknown.body.data).toMatchObject({ background: null });
});

it('takes as long to say that an approval is not there as that one is of another brand', async () => {
  const slow = await startTestApi({ MONGODB_URI: store.uri, API_NOT_FOUND_MS: '400' });
  try {
    for (const path of [
      `approvals/${token('b')}`,
      `approvals/${'0'.repeat(64)}`,
      'runs/r:1',
      'runs/none',
      'events/none/explanation',
    ]) {
      const begun = performance.now();
      const { status } = await slow.as('SESSION_ADMIN', `/api/workflow/${path}`, {}, { brands: ['gamma'] });
      expect(status).toBe(404);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(390);
    }
  } finally {
    await slow.close();
  }
});

describe('without Temporal', () => {
  let lonely: TestApi;
  beforeAll(async () => {
    lonely = await startTestApi({ MONGODB_URI: store.uri, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  });
  afterAll(() => lonely?.close());

  it.each([
    ['SESSION_DEALER', `approvals/${token('a')}`, { decision: 'approve' }],
    ['SESSION_DEALER', 'executions/r:1/resume', { correlationToken: token('a'), decision: 'approve' }],
    ['SESSION_ADMIN', `approvals/${token('a')}/reassign`, { approvers: { users: ['bob'] } }],
    ['SESSION_ADMIN', 'runs/r:1/pause', {}],
    ['SESSION_ADMIN', 'runs/r:1/resume', {}],
    ['SESSION_ADMIN', 'runs/r:1/cancel', {}],
    ['SESSION_ADMIN', 'runs/r:3/retry', {}],
  ])('%s POST %s is told to try again, and nothing changes', async (role, path, body) => {
    const answer = await lonely.as(role, `/api/workflow/${path}`, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 503, body: { success: false, error: { code: 'temporal_unavailable' } } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1');
    expect(await createApprovals(store.connection).get(token('a'))).toMatchObject({ state: 'open', answers: [] });
    expect(await createRunRecords(store.connection).get('r:1')).toMatchObject({ status: 'claimed' });
  });
});

it('shows by which numbers an action is named, and how it was cancelled', async () => {
  const exception = { type: 'ERROR', by: 'svc', message: 'no', source: null, at: '2026-01-01T01:00:00.000Z' } as const;
  const numbered = approval({ token: token('e'), run_id: 'r:5', tenant: 'gamma', request_number: 42, action: 6 });
  const closed = { ...numbered, state: 'cancelled', closed_at: exception.at } as const;
  await createApprovals(store.connection).put({ ...closed, exceptions: ['CANCEL', 'ERROR'], exception });
  const { body } = await api.as('SESSION_ADMIN', `/api/workflow/approvals/${token('e')}`);
  const id = Buffer.from('Action:42---7').toString('base64');
  const shown = { request_number: 42, number: 7, id, exceptions: ['CANCEL', 'ERROR'], exception };
  expect(body.data!['approval']).toMatchObject(shown);
  const { body: other } = await api.as('SESSION_ADMIN', `/api/workflow/approvals/${token('a')}`);
  for (const name of Object.keys(shown)) expect(other.data!['approval']).not.toHaveProperty(name);
});
