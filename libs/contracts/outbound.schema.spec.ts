import { describe, expect, it } from 'vitest';
import { readDirectoryFile } from './directory.schema.ts';

function issues(input: object): string[] {
  return readDirectoryFile(input).problems.map(({ path, message }) => `${path}: ${message}`);
}

const mail = { code: 'welcome', channel: 'email', subject: 'Hello {{customer.first_name}}', html: '<p>Hi</p>' };
const sms = { code: 'welcome', channel: 'sms', text: 'Hi' };
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const endpoint = {
  name: 'crm',
  url: 'https://crm.example/hook',
  headers: { 'X-Key': 'k' },
  body: '{"a":"{{event.a}}"}',
  secret,
};

describe('templates of a directory file', () => {
  it('are mails with a subject and SMS with a text', () => {
    expect(issues({ templates: [mail, { ...mail, language: 'pt-BR', brand: 'alder' }, sms] })).toEqual([]);
    expect(
      issues({
        templates: [
          { code: 'a', channel: 'email' },
          { ...sms, subject: 'x', html: 'y', text: undefined },
        ],
      }),
    ).toEqual([
      'templates[0].subject: is missing: a mail needs one',
      'templates[0].html: is missing: a mail needs html, text or both',
      'templates[1].text: is missing: an SMS is its text',
      'templates[1].subject: does not belong to an SMS',
      'templates[1].html: does not belong to an SMS',
    ]);
  });

  it('are checked for their syntax', () => {
    const wrong = { ...mail, subject: 'Hello {{name', html: '{{#a}}x', text: '{{{a}}}' };
    expect(issues({ templates: [wrong] })).toEqual([
      "templates[0].subject: has a {{ at character 7 that no }} closes: write {{ '{{' }} for the braces themselves",
      expect.stringContaining('templates[0].html: cannot be read: Unclosed section "a"'),
      'templates[0].text: holds {{{ or {{&: values are always escaped',
    ]);
  });

  it('are named, of a known channel and language', () => {
    const paths = readDirectoryFile({ templates: [{ ...mail, code: 'a b', channel: 'fax', language: 'Portuguese!' }] });
    expect(paths.problems.map(({ path }) => path)).toEqual([
      'templates[0].code',
      'templates[0].channel',
      'templates[0].language',
    ]);
  });
});

describe('endpoints of a directory file', () => {
  it('are complete addresses with what is sent there', () => {
    expect(issues({ endpoints: [endpoint, { name: 'bare', url: 'http://10.0.0.1/' }] })).toEqual([]);
    const wrong = {
      name: 'a/b',
      url: 'ftp://x',
      headers: { Host: 'x' },
      body: '{{#a}}{{/a}}',
      secret: 'whsec_c2hvcnQ=',
    };
    expect(readDirectoryFile({ endpoints: [wrong] }).problems.map(({ path }) => path)).toEqual(
      ['name', 'url', 'headers', 'body', 'secret'].map((name) => `endpoints[0].${name}`),
    );
  });

  it('never shows a secret that is wrong', () => {
    expect(issues({ endpoints: [{ ...endpoint, secret: 'hunter2' }] }).join()).not.toContain('hunter2');
  });
});
