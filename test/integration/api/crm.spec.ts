/** What runs have left at customers and managers, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createAssignmentStore } from '#libs/store/crm/assignment.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { assignmentRecord, noteRecord, notificationRecord, taskRecord } from '../../support/crm.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let api: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  await createDirectory(store.connection).load({
    groups: [
      { name: 'oak\\real', brand: 'oak' },
      { name: 'elm\\real', brand: 'elm' },
    ],
    accounts: [
      { login: 1, group: 'oak\\real', customer_id: 'c-both' },
      { login: 2, group: 'elm\\real', customer_id: 'c-both' },
    ],
    customers: [
      { id: 'c-oak', brand: 'oak', country: 'DE', nickname: 'Al', password: 'hunter2' },
      { id: 'c-both', language: 'en' },
    ],
    managers: [
      { id: 7, name: 'Ada', email: 'ada@broker.example', enabled: true, brands: ['oak', 'elm'] },
      { id: 8, name: 'Bert', enabled: true },
    ],
  });
  api = await startTestApi({ MONGODB_URI: store.uri });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

const get = (path: string, options: TokenOptions = {}, role = 'SESSION_ADMIN'): Promise<Answer> =>
  api.as(role, `/api/workflow/${path}`, {}, options);
const post = (path: string, options: TokenOptions = {}, role = 'SESSION_ADMIN'): Promise<Answer> =>
  api.as(role, `/api/workflow/${path}`, { method: 'POST' }, options);
const listed = async (path: string, kind: string, options: TokenOptions = {}): Promise<unknown[]> => {
  const { status, body } = await get(path, options);
  expect(status).toBe(200);
  const records = (body.data ?? {})[kind] as Record<string, unknown>[];
  return records.map((one) => Object.values(one)[0]);
};
const auditOf = async (target: string): Promise<Record<string, unknown>[]> =>
  (await get(`audit?target=${encodeURIComponent(target)}`)).body.data?.['entries'] as Record<string, unknown>[];

describe('a customer', () => {
  it('is told with its accounts, and with no secret', async () => {
    const { body } = await get('customers/c-oak');
    expect(body.data?.['customer']).toMatchObject({
      customer_id: 'c-oak',
      brand: 'oak',
      country: 'DE',
      language: null,
      more: { nickname: 'Al' },
      accounts: [],
    });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('shows a session the accounts of its brands alone', async () => {
    const accounts = async (options: TokenOptions, query = ''): Promise<unknown> => {
      const { customer } = (await get(`customers/c-both${query}`, options)).body.data as {
        customer: { accounts: { login: number }[] };
      };
      return customer.accounts.map(({ login }) => login);
    };
    expect(await accounts({})).toEqual([1, 2]);
    expect(await accounts({ brands: ['oak'] })).toEqual([1]);
    expect(await accounts({}, '?brand=elm')).toEqual([2]);
  });

  it.each([
    ['nobody', {}, ''],
    ['c-oak', { brands: ['elm'] }, ''],
    ['c-oak', {}, '?brand=elm'],
  ])('%s is not there for %o%s', async (id, options, query) => {
    expect(await get(`customers/${id}${query}`, options)).toMatchObject({
      status: 404,
      body: { error: { code: 'customer_not_found' } },
    });
  });

  it('is refused for a brand that the session is not for', async () => {
    expect(await get('customers/c-oak?brand=oak', { brands: ['elm'] })).toMatchObject({ status: 403 });
  });
});

describe('a manager', () => {
  it('is told to those of the brands the manager works for', async () => {
    expect((await get('managers/7', { brands: ['oak'] })).body.data).toEqual({
      manager: {
        manager_id: 7,
        name: 'Ada',
        email: 'ada@broker.example',
        enabled: true,
        brands: ['oak'],
        is_caller: false,
      },
    });
    expect((await get('managers/8', { brands: ['fir'] })).body.data).toMatchObject({ manager: { brands: null } });
    for (const id of ['7', '9', 'x', '0']) expect((await get(`managers/${id}`, { brands: ['fir'] })).status).toBe(404);
  });

  it.each([['7'], ['ADA@broker.example']])('is the caller who signs in as %s', async (sub) => {
    expect((await get('managers/7', { sub }, 'SESSION_MANAGER')).body.data).toMatchObject({
      manager: { is_caller: true },
    });
  });
});

describe('what runs have left', () => {
  it('of customers of one id in two brands is never mixed', async () => {
    const ofBrand = (tenant: string | null) => ({ tenant, customer_id: 'c-two' });
    for (const [brand, tenant] of Object.entries({ oak: 'oak', elm: 'elm', none: null })) {
      await createTaskStore(store.connection).add(taskRecord({ id: `task-${brand}`, ...ofBrand(tenant) }));
      await createNoteStore(store.connection).add(
        noteRecord({ id: `note-${brand}`, ...ofBrand(tenant), customer_id: 'c-two' }),
      );
      await createAssignmentStore(store.connection).add(
        assignmentRecord({ id: `assignment-${brand}`, ...ofBrand(tenant) }),
      );
      await createNotificationStore(store.connection).add([
        notificationRecord({ id: `notification-${brand}`, ...ofBrand(tenant) }),
      ]);
    }
    for (const kind of ['tasks', 'notes', 'assignments', 'notifications']) {
      const one = kind.slice(0, -1);
      const path = `${kind}?customer_id=c-two`;
      expect(await listed(path, kind, { brands: ['oak'] })).toEqual([`${one}-oak`]);
      expect(await listed(`${path}&brand=elm`, kind)).toEqual([`${one}-elm`]);
      expect(new Set(await listed(path, kind))).toEqual(new Set([`${one}-elm`, `${one}-none`, `${one}-oak`]));
      expect(await listed(path, kind, { brands: [] })).toEqual([]);
      expect((await get(`${path}&brand=elm`, { brands: ['oak'] })).status).toBe(403);
    }
  });

  it('comes in pages, newest first, by what is asked for', async () => {
    const tasks = createTaskStore(store.connection);
    for (let day = 1; day <= 5; day += 1) {
      const created_at = `2026-02-0${day}T00:00:00.000Z`;
      const task = taskRecord({ id: `page-${day}`, customer_id: 'c-pages', assignee_id: 70 + (day % 2), created_at });
      await tasks.add({ ...task, status: day === 5 ? 'done' : 'open' });
    }
    expect(await listed('tasks?customer_id=c-pages&manager_id=71&state=open', 'tasks')).toEqual(['page-3', 'page-1']);
    const first = await get('tasks?customer_id=c-pages&limit=3');
    expect(first.body.data?.['tasks']).toMatchObject([
      { task_id: 'page-5' },
      { task_id: 'page-4' },
      { task_id: 'page-3' },
    ]);
    const cursor = first.body.data?.['next_cursor'] as string;
    expect(await listed(`tasks?customer_id=c-pages&limit=3&cursor=${cursor}`, 'tasks')).toEqual(['page-2', 'page-1']);
    expect((await get('tasks?cursor=nonsense')).status).toBe(400);
  });

  it.each([
    'notifications',
    'notifications?unread=true',
    'notes',
    'assignments',
    'tasks?manager_id=x',
    'tasks?state=x',
  ])('is refused as %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { error: { code: 'invalid_query' } } });
  });
});

describe('a task', () => {
  const add = (id: string) => createTaskStore(store.connection).add(taskRecord({ id, tenant: 'oak' }));

  it('is marked as done once, with one entry in the audit log, by two tabs at once', async () => {
    const id = 'rule/1:event#1/0';
    await add(id);
    const path = `tasks/${encodeURIComponent(id)}/done`;
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(path, { sub: 'root' })));
    const [task] = answers.map(({ body }) => body.data?.['task'] as Record<string, unknown>);
    expect(task).toMatchObject({ task_id: id, state: 'done', done_by: 'root', may_close: true });
    for (const { body } of answers) expect(body.data?.['task']).toEqual(task);
    expect((await post(path, { sub: 'later' })).body.data?.['task']).toEqual(task);
    expect(await auditOf(`task/${id}`)).toMatchObject([
      { operation: 'task.close', by: 'root', brand: 'oak', outcome: 'done' },
    ]);
  });

  it('that two of one person begin to close at once is noted once, as done', async () => {
    const audit = createAuditLog(store.connection);
    const note = { operation: 'task.close', target: 'task/race', brand: 'oak', by: 'ada', once: 'race' } as const;
    const ids = await Promise.all([audit.begin(note), audit.begin(note), audit.begin(note)]);
    await Promise.all(ids.map((id) => audit.end(id, { outcome: 'done', code: null })));
    expect(await auditOf('task/race')).toMatchObject([{ by: 'ada', outcome: 'done' }]);
  });

  it('is marked by the manager whose it is, and by no other', async () => {
    await add('of-ada');
    expect((await post('tasks/of-ada/done', { sub: '8' }, 'SESSION_MANAGER')).status).toBe(403);
    const own = await get('tasks?manager_id=7', { sub: 'ada@broker.example' }, 'SESSION_MANAGER');
    expect(own.body.data?.['tasks']).toContainEqual(expect.objectContaining({ task_id: 'of-ada', may_close: true }));
    const others = await get('tasks?manager_id=7', { sub: '8' }, 'SESSION_MANAGER');
    expect(others.body.data?.['tasks']).toContainEqual(
      expect.objectContaining({ task_id: 'of-ada', may_close: false }),
    );
    const done = await post('tasks/of-ada/done', { sub: 'ada@broker.example' }, 'SESSION_MANAGER');
    expect(done).toMatchObject({ status: 200, body: { data: { task: { state: 'done' } } } });
  });

  it('of another brand is not there, and stays as it is', async () => {
    await add('of-oak');
    const [elsewhere, nowhere] = [
      await post('tasks/of-oak/done', { brands: ['elm'] }),
      await post('tasks/none/done', { brands: ['elm'] }),
    ];
    expect(elsewhere).toMatchObject({ status: 404, body: { error: { code: 'task_not_found' } } });
    expect(elsewhere.body).toEqual(nowhere.body);
    expect((await createTaskStore(store.connection).find('of-oak'))?.status).toBe('open');
  });
});

describe('a notification', () => {
  it('is marked as read once, and leaves the list of those that are not', async () => {
    const told = notificationRecord({ id: 'told', tenant: 'oak', customer_id: 'c-told' });
    await createNotificationStore(store.connection).add([told, { ...told, id: 'told-2' }]);
    const path = 'notifications?customer_id=c-told&unread=true';
    expect(await listed(path, 'notifications')).toEqual(['told-2', 'told']);
    expect((await post('notifications/told/read', { sub: '8' }, 'SESSION_MANAGER')).status).toBe(403);
    const answers = await Promise.all(
      [1, 2, 3].map(() => post('notifications/told/read', { sub: '7' }, 'SESSION_MANAGER')),
    );
    for (const { body } of answers)
      expect(body.data?.['notification']).toMatchObject({ unread: false, read_by: '7', read_at: expect.any(String) });
    expect(await listed(path, 'notifications')).toEqual(['told-2']);
    expect(await auditOf('notification/told')).toMatchObject([{ operation: 'notification.read', outcome: 'done' }]);
    expect((await post('notifications/told-2/read', { brands: ['elm'] })).status).toBe(404);
  });
});
