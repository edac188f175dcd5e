/** Templates and endpoints in the directory: which of them an action gets, and what a list shows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WantedTemplate } from '#libs/domain/directory/outbound.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let directory: Directory;

const template = (brand: string | undefined, language: string | undefined) => ({
  code: 'welcome',
  channel: 'email' as const,
  subject: `${brand ?? 'every'} ${language ?? 'any'}`,
  text: 'Hi',
  ...(brand !== undefined && { brand }),
  ...(language !== undefined && { language }),
});
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const url = 'https://hooks.example.com/services/T0/B0/verysecretpath';
const headers = { 'X.Team': 'plain', Authorization: 'Bearer abcdefghijkl' };

beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  directory = createDirectory(store.connection);
  await directory.load({
    templates: [
      template(undefined, undefined),
      template(undefined, 'de'),
      template(undefined, 'pt-BR'),
      template('alder', undefined),
      template('alder', 'pt'),
      { code: 'win_back', channel: 'sms', text: 'Come back', brand: 'bluefin' },
      { code: 'hello', channel: 'sms', text: 'Hello' },
    ],
    endpoints: [
      { name: 'crm', url, headers, body: '{"a":"{{event.a}}"}', secret },
      { name: 'crm', url: 'https://bluefin.example/', brand: 'bluefin' },
    ],
  });
});
afterAll(() => store.drop());

function wanted(brand: string | null, language: string | null, more: Partial<WantedTemplate> = {}): WantedTemplate {
  return { channel: 'email', code: 'welcome', brand, language, ...more };
}

describe('the template of an action', () => {
  it.each([
    ['alder', 'pt', 'alder pt'],
    ['alder', 'pt-BR', 'alder pt'],
    ['alder', 'PT', 'alder pt'],
    ['alder', 'de', 'alder any'],
    ['alder', null, 'alder any'],
    ['bluefin', 'de', 'every de'],
    ['bluefin', 'pt-BR', 'every pt-BR'],
    ['bluefin', 'pt', 'every any'],
    [null, 'fr', 'every any'],
  ])('of brand %s for a customer who speaks %s is that of %s', async (brand, language, subject) => {
    expect(await directory.template(wanted(brand, language))).toMatchObject({ code: 'welcome', subject });
  });

  it('that is missing names those there are for the brand', async () => {
    await expect(directory.template(wanted('bluefin', null, { channel: 'sms' }))).rejects.toMatchObject({
      code: 'template_not_found',
      retryable: false,
      message: 'There is no sms template "welcome" for brand "bluefin"; there are: hello, win_back.',
    });
    await expect(directory.template(wanted('alder', null, { channel: 'sms' }))).rejects.toThrow(/there are: hello\./);
  });
});

describe('the endpoint of an action', () => {
  it('is that of the brand, else that of every brand, with all it holds', async () => {
    expect(await directory.endpoint('crm', 'bluefin')).toEqual({
      name: 'crm',
      url: 'https://bluefin.example/',
      brand: 'bluefin',
    });
    expect(await directory.endpoint('crm', 'alder')).toEqual({
      name: 'crm',
      url,
      headers,
      body: '{"a":"{{event.a}}"}',
      secret,
    });
  });

  it('that is missing names those there are', async () => {
    await expect(directory.endpoint('slack', null)).rejects.toMatchObject({
      code: 'endpoint_not_found',
      message: 'There is no endpoint "slack" for every brand; there are: crm.',
    });
  });
});

describe('a list', () => {
  it('shows templates as they are', async () => {
    expect(await directory.listAll('templates')).toHaveLength(7);
    expect(await directory.listAll('templates')).toContainEqual(template('alder', 'pt'));
  });

  it('R-092 shows nothing secret of endpoints', async () => {
    expect(await directory.listAll('endpoints')).toContainEqual({
      name: 'crm',
      url: 'https://hooks.example.com/***',
      headers: { 'X.Team': '***', Authorization: '***' },
      body: '{"a":"{{event.a}}"}',
      secret: '***',
    });
  });
});
