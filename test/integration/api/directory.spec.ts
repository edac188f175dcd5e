/** The directory over HTTP, on a real store: what is put there is what rules and runs read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DirectoryKind } from '#libs/domain/directory/directory-data.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { startTestApi, type Answer, type TestApi } from '../../support/api.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const path = '/api/workflow/directory';
let store: TestStore;
let directory: Directory;
let api: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  directory = createDirectory(store.connection);
  await directory.load({
    groups: [
      { name: 'real\\oak/usd', brand: 'oak' },
      { name: 'real/elm', brand: 'elm' },
      { name: 'demo', brand: null },
    ],
    accounts: [
      { login: 1, group: 'real\\oak/usd', customer_id: 'C-oak' },
      { login: 2, group: 'real/elm', customer_id: 'C-elm' },
      { login: 3, group: 'real/elm', customer_id: 'C-both' },
      { login: 4, group: 'real\\oak/usd', customer_id: 'C-both' },
    ],
    customers: [{ id: 'C-oak' }, { id: 'C-elm', brand: 'elm' }, { id: 'C-both' }],
    managers: [
      { id: 71, name: 'Oda', enabled: true, brands: ['oak'] },
      { id: 72, name: 'Eli', enabled: true, brands: ['elm'] },
      { id: 73, name: 'Ann', enabled: true },
    ],
    teams: [
      { id: 'oaks', name: 'Oaks', agent_ids: [71] },
      { id: 'elms', name: 'Elms', agent_ids: [72] },
    ],
    desks: [
      { code: 'shared', name: 'Shared', team_id: 'oaks' },
      { code: 'vip', name: 'Of elm', team_id: 'elms', brand: 'elm' },
    ],
    users: [{ id: 1, username: 'gate', enabled: true }],
  });
  api = await startTestApi({ MONGODB_URI: store.uri });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

const oak = { brands: ['oak'] };
const get = (of: string, options = {}, role = 'SESSION_ADMIN') => api.as(role, `${path}/${of}`, {}, options);
const add = (kind: DirectoryKind, record: object, options = {}) =>
  api.as('SESSION_ADMIN', path, { method: 'POST', body: { kind, record } }, options);
const put = (kind: DirectoryKind, id: string, record: object, version: string, options = {}) =>
  api.as(
    'SESSION_ADMIN',
    `${path}/${kind}/${encodeURIComponent(id)}`,
    { method: 'PUT', body: { kind, record, version } },
    options,
  );
const refused = (status: number, code: string) => ({ status, body: { success: false, error: { code } } });
interface Shown {
  id: string;
  version: string;
  writable: boolean;
  record: Record<string, unknown>;
}
const shownIn = ({ body }: Answer) => body.data as unknown as Shown;
const idsIn = ({ body }: Answer) => (body.data!['records'] as { id: string }[]).map(({ id }) => id);
const issuesIn = ({ body }: Answer) => body.error?.details?.map(({ path: at, code }) => `${at} ${code}`);
const auditOf = async (target: string) => (await createAuditLog(store.connection).list({ target }, {})).items;

const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;
const kinds: [DirectoryKind, string, first: object, then: object, changed: string[]][] = [
  ['groups', 'real\\fir/usd', { name: 'real\\fir/usd', brand: 'fir' }, { brand: null }, ['brand']],
  ['accounts', '900', { login: 900, group: 'demo', zip: '1000' }, { name: 'Ada <b>' }, ['name']],
  ['customers', 'C-1/2 ü', { id: 'C-1/2 ü', brand: 'fir', tier: 'gold' }, { country: 'PT' }, ['country']],
  ['managers', '900', { id: 900, name: 'Mia', enabled: true }, { name: 'Mia\u202e' }, ['name']],
  ['teams', 'sales', { id: 'sales', name: 'Sales' }, { agent_ids: [900] }, ['agent_ids']],
  ['desks', 'retention~fir', { code: 'retention', name: 'R', team_id: 'sales', brand: 'fir' }, { name: 'S' }, ['name']],
  ['statuses', '~7', { id: '7', type: 'sales', code: 'new' }, { label: 'New' }, ['label']],
  [
    'templates',
    'email~hello~pt-br~fir',
    { code: 'hello', channel: 'email', language: 'pt-BR', subject: 'Hi', html: '<p>Hi</p>', brand: 'fir' },
    { text: 'Hi' },
    ['text'],
  ],
  ['users', '900', { id: 900, username: 'ann', enabled: true }, { role: 'SESSION_ADMIN' }, ['role']],
  [
    'user_groups',
    'ops',
    { code: 'ops', name: 'Ops', right: 'administrator', users: ['gate'] },
    { name: 'O' },
    ['name'],
  ],
];

describe.each(kinds)('a record of %s', (kind, id, first, change, fields) => {
  const of = `${kind}/${encodeURIComponent(id)}`;

  it('is added, read, listed and replaced on the version that was read, each on record', async () => {
    expect(await get(of)).toMatchObject(refused(404, 'record_not_found'));
    const added = await add(kind, first);
    expect(added).toMatchObject({ status: 201, body: { data: { kind, id, writable: true, record: first } } });
    const one = shownIn(await get(of));
    expect(one).toEqual(shownIn(added));
    expect(idsIn(await get(`${kind}?search=${encodeURIComponent(id)}`))).toEqual([id]);
    // The same request once more, as after an answer that was lost.
    expect(await add(kind, first)).toMatchObject({ status: 201 });
    expect(await add(kind, { ...first, ...change })).toMatchObject(refused(409, 'record_exists'));

    const record = { ...one.record, ...change };
    const replaced = await put(kind, id, record, one.version);
    expect(replaced).toMatchObject({ status: 200, body: { data: { id, record } } });
    expect(shownIn(replaced).version).not.toBe(one.version);
    expect(await put(kind, id, record, one.version)).toMatchObject({ status: 200 });
    expect(await put(kind, id, { ...one.record }, one.version)).toMatchObject(
      // Fields that a file leaves out stay as they are in these.
      ['accounts', 'customers'].includes(kind) ? { status: 200 } : refused(409, 'version_conflict'),
    );
    expect(shownIn(await get(of))).toEqual(shownIn(replaced));

    const entries = await auditOf(`directory/${kind}/${id}`);
    expect(entries.map(({ operation, outcome, by }) => [operation, outcome, by])).toContainEqual([
      'directory.load',
      'done',
      'alice',
    ]);
    expect(entries.map(({ what }) => what)).toContainEqual({ loaded: [`${kind}: 1`], fields });
  });

  it('is shown to all sessions but changed by administrators alone', async () => {
    const isForAdministrators = kind === 'users' || kind === 'user_groups';
    const seen = isForAdministrators
      ? refused(403, 'access_denied')
      : { status: 200, body: { data: { writable: false } } };
    expect(await get(of, {}, 'SESSION_DEALER')).toMatchObject(seen);
    for (const [method, at] of [
      ['POST', path],
      ['PUT', `${path}/${of}`],
    ]) {
      const body = { kind, record: first, ...(method === 'PUT' && { version: '0'.repeat(32) }) };
      expect(await api.as('SESSION_DEALER', at!, { method: method!, body })).toMatchObject(
        refused(403, 'access_denied'),
      );
    }
  });
});

it('of two administrators who change the same record at once, one loses nothing without being told', async () => {
  const { version, record } = shownIn(await add('desks', { code: 'race', name: 'R', team_id: 'sales' }));
  const names = ['a', 'b', 'c', 'd'];
  const answers = await Promise.all(names.map((name) => put('desks', 'race', { ...record, name }, version)));
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
  const won = names[answers.findIndex(({ status }) => status === 200)];
  expect(shownIn(await get('desks/race')).record['name']).toBe(won);
});

it('a change of a file in between is told, too', async () => {
  const { version, record } = shownIn(await add('desks', { code: 'file', name: 'F', team_id: 'sales' }));
  await directory.load({ desks: [{ code: 'file', name: 'G', team_id: 'sales' }] });
  expect(await put('desks', 'file', { ...record, name: 'H' }, version)).toMatchObject(refused(409, 'version_conflict'));
});

describe('an endpoint', () => {
  const full = {
    name: 'crm',
    url: 'https://crm.example/hooks/T0KEN?key=sesame',
    headers: { 'X-Api-Key': 'open-sesame', Accept: 'text/plain' },
    body: '{"id":"{{event.id}}"}',
    secret,
    brand: 'oak',
  };
  const hidden = ['T0KEN', 'sesame', secret];
  const expectNothing = (text: string): void => hidden.forEach((one) => expect(text).not.toContain(one));

  it('never shows its secrets: not in answers, lists, the audit log or the registry', async () => {
    const added = await add('endpoints', full);
    expect(shownIn(added)).toMatchObject({
      id: 'crm~oak',
      record: { url: 'https://crm.example/***', headers: ['X-Api-Key', 'Accept'], signed: true, brand: 'oak' },
    });
    const { version } = shownIn(added);
    expect(await put('endpoints', 'crm~oak', { ...full, secret: 'whsec_sesame' }, version)).toMatchObject({
      status: 422,
    });
    const answers = await Promise.all([
      get('endpoints/crm~oak'),
      get('endpoints'),
      api.as('SESSION_ADMIN', '/api/workflow/audit'),
      api.as('SESSION_ADMIN', '/api/workflow/registry'),
    ]);
    for (const answer of [added, ...answers]) {
      expect(answer.status).toBeLessThan(300);
      expectNothing(JSON.stringify(answer.body));
    }
    const log = JSON.stringify(await store.connection.collection('audit_entries').find().toArray());
    expect(log).toContain('directory/endpoints/crm~oak');
    expectNothing(log);
  });

  it('keeps what is left out, and the call has it still', async () => {
    const { version } = shownIn(await get('endpoints/crm~oak'));
    const change = { name: 'crm', brand: 'oak', body: '{}', headers: { 'X-Api-Key': null, Accept: 'text/html' } };
    const replaced = await put('endpoints', 'crm~oak', change, version);
    expect(replaced).toMatchObject({ status: 200, body: { data: { record: { body: '{}', signed: true } } } });
    expect(await directory.endpoint('crm', 'oak')).toEqual({
      ...full,
      body: '{}',
      headers: { 'X-Api-Key': 'open-sesame', Accept: 'text/html' },
    });
  });

  it('has another version when a secret alone is another, which the version tells nothing of', async () => {
    const { version } = shownIn(await get('endpoints/crm~oak'));
    const other = `whsec_${Buffer.alloc(32, 'x').toString('base64')}`;
    const changed = shownIn(await put('endpoints', 'crm~oak', { name: 'crm', brand: 'oak', secret: other }, version));
    expect(changed.version).not.toBe(version);
    const back = shownIn(await put('endpoints', 'crm~oak', { name: 'crm', brand: 'oak', secret }, changed.version));
    expect([version, changed.version]).not.toContain(back.version);
    const unsigned = await put('endpoints', 'crm~oak', { name: 'crm', brand: 'oak', secret: null }, back.version);
    expect(unsigned).toMatchObject({ body: { data: { record: { signed: false } } } });
  });

  it('gives no header to another host that was given for this one', async () => {
    const { version } = shownIn(await get('endpoints/crm~oak'));
    const moved = { name: 'crm', brand: 'oak', url: 'https://evil.example/' };
    for (const headers of [undefined, { 'X-Api-Key': null }]) {
      const answer = await put('endpoints', 'crm~oak', { ...moved, ...(headers && { headers }) }, version);
      expect(answer).toMatchObject(refused(422, 'invalid_body'));
      expect(issuesIn(answer)).toContain('record.headers.X-Api-Key secret_moved');
    }
    expect(await put('endpoints', 'crm~oak', { ...moved, headers: { 'X-Api-Key': 'new' } }, version)).toMatchObject({
      status: 200,
    });
    expect((await directory.endpoint('crm', 'oak')).headers).toEqual({ 'X-Api-Key': 'new' });
  });

  it('is told what it lacks', async () => {
    expect(issuesIn(await add('endpoints', { name: 'bare' }))).toEqual(['record.url required']);
    const empty = { name: 'bare', url: 'https://bare.example', headers: { A: null } };
    expect(issuesIn(await add('endpoints', empty))).toEqual(['record.headers.A required']);
  });
});

describe('a session of one brand', () => {
  it('sees what is of its brand or of none, and nothing else', async () => {
    const seen = async (kind: DirectoryKind) => idsIn(await get(`${kind}?limit=500`, oak));
    expect(await seen('groups')).toEqual(['real\\oak/usd']);
    expect(await seen('accounts')).toEqual(['1', '4']);
    expect(await seen('customers')).toEqual(['C-both', 'C-oak']);
    expect(await seen('managers')).toEqual(expect.arrayContaining(['71', '73']));
    expect(await seen('managers')).not.toContain('72');
    expect(await seen('teams')).not.toContain('elms');
    expect(await seen('desks')).toEqual(expect.arrayContaining(['shared']));
    expect(await seen('desks')).not.toContain('vip~elm');
    for (const of of [
      'groups/real%2Felm',
      'accounts/2',
      'customers/C-elm',
      'managers/72',
      'teams/elms',
      'desks/vip~elm',
    ]) {
      expect(await get(of, oak)).toMatchObject(refused(404, 'record_not_found'));
    }
    expect(await get('accounts?search=2', oak)).toMatchObject({ body: { data: { records: [] } } });
    expect(await get('users', oak)).toMatchObject(refused(403, 'access_denied'));
  });

  it.each<[DirectoryKind, object]>([
    ['groups', { name: 'new', brand: 'oak' }],
    ['accounts', { login: 50, group: 'real/elm' }],
    ['accounts', { login: 50, group: 'nobody knows' }],
    ['accounts', { login: 50, group: 'real\\oak/usd', customer_id: 'C-elm' }],
    ['customers', { id: 'C-new', brand: 'elm' }],
    ['customers', { id: 'C-new' }],
    ['customers', { id: 'C-new', brand: 'oak', logins: [2] }],
    ['managers', { id: 50, name: 'New' }],
    ['managers', { id: 50, name: 'New', brands: [] }],
    ['managers', { id: 50, name: 'New', brands: ['oak', 'elm'] }],
    ['teams', { id: 'new', name: 'New' }],
    ['desks', { code: 'new', name: 'New', team_id: 'oaks' }],
    ['desks', { code: 'new', name: 'New', team_id: 'oaks', brand: 'elm' }],
    ['statuses', { id: 50, type: 'sales', code: 'new' }],
    ['templates', { code: 'new', channel: 'sms', text: 'x' }],
    ['endpoints', { name: 'new', url: 'https://new.example' }],
    ['users', { id: 50, username: 'new' }],
    ['user_groups', { code: 'new', name: 'New', right: 'administrator' }],
  ])('adds no %s %j', async (kind, record) => {
    expect(await add(kind, record, oak)).toMatchObject(refused(403, 'access_denied'));
  });

  it('writes what is of its brand alone', async () => {
    const status = shownIn(await add('statuses', { id: 60, type: 'sales', code: 'oak', brand: 'oak' }, oak));
    expect(status).toMatchObject({ writable: true });
    const stolen = { ...status.record, brand: 'elm' };
    expect(await put('statuses', '60', stolen, status.version, oak)).toMatchObject(refused(403, 'access_denied'));
    const account = shownIn(await get('accounts/1', oak));
    expect(
      await put('accounts', '1', { login: 1, group: 'real\\oak/usd', name: 'A' }, account.version, oak),
    ).toMatchObject({
      status: 200,
    });
    const customer = shownIn(await get('customers/C-oak', oak));
    expect(await put('customers', 'C-oak', { id: 'C-oak', country: 'PT' }, customer.version, oak)).toMatchObject({
      status: 200,
    });
  });

  it('changes nothing that others have, too', async () => {
    const shared = shownIn(await get('desks/shared', oak));
    expect(shared.writable).toBe(false);
    expect(await put('desks', 'shared', { ...shared.record, name: 'X' }, shared.version, oak)).toMatchObject(
      refused(403, 'access_denied'),
    );
    const both = shownIn(await get('customers/C-both', oak));
    expect(await put('customers', 'C-both', { id: 'C-both', brand: 'oak' }, both.version, oak)).toMatchObject(
      refused(403, 'access_denied'),
    );
    // What a foreign record is told by is taken, and no more is told.
    await directory.load({ statuses: [{ id: 61, type: 'sales', code: 'elm', brand: 'elm' }] });
    const taken = { id: 61, type: 'sales', code: 'oak', brand: 'oak' };
    expect(await add('statuses', taken, oak)).toMatchObject(refused(409, 'record_exists'));
    expect(await put('statuses', '61', taken, '0'.repeat(32), oak)).toMatchObject(refused(404, 'record_not_found'));
  });
});

describe('what is wrong', () => {
  it.each<[string, DirectoryKind, object, string[]]>([
    [
      'an unknown member',
      'desks',
      { code: 'a', name: 'A', team_id: 'sales', colour: 1 },
      ['record.colour unknown_key'],
    ],
    [
      'two of what has to be one',
      'desks',
      { code: 'a', name: 'A', team_id: 'sales', manager_id: 1 },
      ['record custom'],
    ],
    ['a number that is a text', 'accounts', { login: '1', group: 'demo' }, ['record.login invalid_type']],
    ['what the store cannot hold', 'customers', { id: 'C-2', note: 'a\u0000' }, ['record.note invalid_text']],
    ['a name with a dot', 'customers', { id: 'C-2', 'a.b': 1 }, ['record["a.b"] invalid_name']],
    ['a text that is too long', 'managers', { id: 5, name: 'x'.repeat(1025) }, ['record.name too_big']],
    [
      'half a template',
      'templates',
      { code: 'a', channel: 'sms', html: '<b>' },
      ['record.text custom', 'record.html custom'],
    ],
    ['a wrong reference', 'templates', { code: 'a', channel: 'sms', text: '{{{a}}}' }, ['record.text custom']],
    ['a team below itself', 'teams', { id: 'self', name: 'S', parent_id: 'self' }, ['record team_cycle']],
    [
      'a user who is nobody',
      'user_groups',
      { code: 'g', name: 'G', right: 'administrator', users: ['no'] },
      ['record.users[0] unknown_user'],
    ],
    ['a name that is taken', 'users', { id: 9, username: 'gate' }, ['record.username username_taken']],
  ])('%s is told with its place', async (_, kind, record, issues) => {
    const answer = await add(kind, record);
    expect(answer).toMatchObject(refused(422, 'invalid_body'));
    expect(issuesIn(answer)).toEqual(issues);
  });

  it('a kind that there is not, in an address or a body', async () => {
    expect(await get('unicorns')).toMatchObject(refused(404, 'not_found'));
    expect(await get('unicorns/1')).toMatchObject(refused(404, 'not_found'));
    const { version, record } = shownIn(await get('desks/shared'));
    expect(issuesIn(await api.as('SESSION_ADMIN', path, { method: 'POST', body: { kind: 'x', record } }))).toEqual([
      'kind invalid_union',
    ]);
    const body = { kind: 'statuses', record: { id: 1, type: 'a', code: 'a' }, version };
    const answer = await api.as('SESSION_ADMIN', `${path}/desks/shared`, { method: 'PUT', body });
    expect(issuesIn(answer)).toEqual(['kind wrong_value']);
    expect(issuesIn(await put('desks', 'shared', { ...record, code: 'other' }, version))).toEqual([
      'record wrong_value',
    ]);
    expect(issuesIn(await put('desks', 'shared', record, 'v1'))).toEqual(['version invalid_format']);
  });

  it('a cursor or a query of another list', async () => {
    expect(await get('desks?cursor=x')).toMatchObject({ status: 400 });
    expect(await get('statuses?cursor=x')).toMatchObject({ status: 400 });
    expect(await get('desks?colour=red')).toMatchObject(refused(400, 'invalid_query'));
  });
});

it('lists come in pages, whatever the ids, and are searched by ids and names', async () => {
  const statuses = [1001, 1002, 'a-1', 'a-2', '1003'].map((id) => ({
    id,
    type: 'paged',
    code: `c-${id}`,
    label: 'Ünï',
  }));
  await directory.load({ statuses });
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? '' : `&cursor=${cursor}`;
    const answer = await get(`statuses?limit=2&search=${encodeURIComponent('ÜNÏ')}${more}`);
    ids.push(...idsIn(answer));
    cursor = answer.body.data!['next_cursor'] as string | null;
  } while (cursor !== null);
  expect(ids).toEqual(['1001', '1002', '~1003', 'a-1', 'a-2']);

  const managers = Array.from({ length: 450 }, (_, index) => ({
    id: 5000 + index,
    name: `Page ${index}`,
    enabled: true,
  }));
  await directory.load({ managers });
  const first = await get('managers?limit=300&search=page');
  expect(idsIn(first)).toHaveLength(300);
  const second = await get(`managers?limit=300&search=page&cursor=${String(first.body.data!['next_cursor'])}`);
  expect([...idsIn(first), ...idsIn(second)]).toEqual(managers.map(({ id }) => String(id)));
  expect(second.body.data!['next_cursor']).toBeNull();
});

describe('a preview of a template', () => {
  const preview = (template: object, more: object = {}, options = {}) =>
    api.as('SESSION_DEALER', `${path}/templates/preview`, { method: 'POST', body: { template, ...more } }, options);
  const mail = { code: 'a', channel: 'email', subject: 'Hi {{customer.first_name}}', html: '<p>{{event.note}}</p>' };

  it('is what would be sent, on a sample or on an event that is kept', async () => {
    const eventId = uniqueName('event');
    await createEvaluatedEvents(store.connection).keep([
      {
        eventKey: eventId,
        eventId,
        trigger: 'a.b',
        at: new Date().toISOString(),
        revision: 1,
        outcome: 'no_match',
        context: { brand: 'elm', event: { note: '<script>&' }, customer: { id: 'C', first_name: 'Élodie' } },
      },
    ]);
    expect(await preview(mail)).toMatchObject({
      status: 200,
      body: { data: { preview: { mail: { subject: 'Hi Ada', html: '<p></p>' }, sms: null } } },
    });
    expect(await preview(mail, { event_id: eventId })).toMatchObject({
      body: {
        data: { preview: { mail: { subject: 'Hi Élodie', html: '<p>&lt;script&gt;&amp;</p>', text: '<script>&' } } },
      },
    });
    expect(await preview(mail, { event_id: eventId }, oak)).toMatchObject(refused(404, 'event_not_kept'));
  });

  it('counts the parts of an SMS', async () => {
    const sms = (text: string) => preview({ code: 'a', channel: 'sms', text });
    expect(await sms(`${'a'.repeat(161)} `)).toMatchObject({
      body: { data: { preview: { mail: null, sms: { encoding: 'gsm', units: 161, parts: 2 } } } },
    });
    expect(await sms('ы'.repeat(71))).toMatchObject({
      body: { data: { preview: { sms: { encoding: 'unicode', parts: 2 } } } },
    });
  });

  it('takes no more than a computation may, and what is wrong has its place', async () => {
    expect(issuesIn(await preview({ ...mail, html: '{{#a}}' }))).toEqual(['template.html custom']);
    expect(issuesIn(await preview({ ...mail, html: 'x'.repeat(262_145) }))).toEqual(['template.html too_big']);
  });
});

it('what is put there counts for events from then on, as after a file', async () => {
  const cache = new DirectoryCache(directory);
  await cache.refresh({});
  expect((await cache.groups(['demo'])).get('demo')?.brand).toBeNull();
  expect((await cache.accounts([4])).get(4)?.group).toBe('real\\oak/usd');
  const group = shownIn(await get('groups/demo'));
  await put('groups', 'demo', { name: 'demo', brand: 'fir' }, group.version);
  const account = shownIn(await get('accounts/4'));
  await put('accounts', '4', { login: 4, group: 'demo' }, account.version);
  await cache.refresh({});
  expect((await cache.groups(['demo'])).get('demo')?.brand).toBe('fir');
  expect((await cache.accounts([4])).get(4)).toMatchObject({ group: 'demo', customer_id: 'C-both' });
  const template = { code: 'now', channel: 'sms', text: 'Now' };
  await add('templates', template);
  expect(await directory.template({ channel: 'sms', code: 'now', brand: 'oak', language: 'pt' })).toEqual(template);
});
