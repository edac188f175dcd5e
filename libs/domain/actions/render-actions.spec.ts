import { describe, expect, it } from 'vitest';
import { compileActions } from './render-actions.ts';
import { compileRule } from '../matching/compiled-rule.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import type { RuleAction } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import { aRule } from '../testing/samples.ts';
import { validateRule } from '../validation/validate-rule.ts';

const context: RuntimeContext = {
  brand: 'alder',
  amount_usd: 950.5,
  event: {
    amount: 1200,
    note: 'He said "go"\nthen left',
    place: 'São Paulo/SP & more?',
    dots: '..',
    list: ['a', 'b'],
    manager: 7,
    flag: false,
    nothing: null,
  },
  customer: { id: 'C-1', country: 'BR' },
};

function render(type: string, params: Record<string, unknown>, more: Partial<RuntimeContext> = {}) {
  return compileActions([{ type, params }])?.({ ...context, ...more })[0];
}

function notified(message: string): unknown {
  return render('notify.manager', { message })?.params['message'];
}

function problems(...actions: { type: string; params: unknown }[]) {
  const { errors } = validateRule({ name: 'A rule', trigger_event: 'customer.deposited', actions });
  return errors.map(({ path, code }) => `${path} ${code}`);
}

function problem(type: string, params: unknown): string | undefined {
  return problems({ type, params })[0];
}

describe('references in the texts of an action', () => {
  it('R-180 stand for values of the event, its customer, account and brand', () => {
    expect(notified('{{event.amount}} USD from {{ customer.id }} ({{brand}}, {{amount_usd}})')).toBe(
      '1200 USD from C-1 (alder, 950.5)',
    );
  });

  it('render as nothing where the value is missing, inherited or null', () => {
    expect(
      notified('[{{event.absent}}{{trade.symbol}}{{event.nothing}}{{event.constructor}}{{event.amount.toFixed}}]'),
    ).toBe('[]');
  });

  it('render other values as people read them, and objects as JSON', () => {
    expect(notified('{{event.flag}} {{event.list}}')).toBe('false ["a","b"]');
  });

  it('are plain in prose: nothing is escaped, and a value that looks like a reference stays as it is', () => {
    expect(notified('{{event.note}}')).toBe('He said "go"\nthen left');
    const tricky = { event: { a: '{{brand}}' } };
    expect(render('notify.manager', { message: '{{event.a}}' }, tricky)?.params['message']).toBe('{{brand}}');
  });

  it.each(["{{ '{{' }}", "{{'{{'}}", '{{ "{{" }}', '{{"{{"}}'])(
    'R-084 are told from braces, which %s stands for',
    (braces) => {
      expect(notified(`${braces} name }} {{brand}} ${braces}${braces}`)).toBe('{{ name }} alder {{{{');
      const url = 'https://example.com';
      const body = `{"template":"Hi ${braces}name}}","note":"{{event.note}}","amount":{{event.amount}}}`;
      const sent = render('webhook.send', { url, body, headers: { 'X-Template': `${braces}x}}` } })?.params;
      expect(JSON.parse(String(sent?.['body']))).toEqual({
        template: 'Hi {{name}}',
        note: 'He said "go"\nthen left',
        amount: 1200,
      });
      expect(sent?.['headers']).toEqual({ 'X-Template': '{{x}}' });
      expect(problems({ type: 'webhook.send', params: { url, body } })).toEqual([]);
    },
  );

  it('read a name that an event has as an ordinary one', () => {
    const event = JSON.parse('{"constructor":"builder","__proto__":{"a":1}}') as Record<string, unknown>;
    const message = '{{event.constructor}} {{event.__proto__.a}}{{event.prototype}}';
    expect(render('notify.manager', { message }, { event })?.params['message']).toBe('builder 1');
    expect(problems({ type: 'notify.manager', params: { message } })).toEqual([]);
  });

  it('write numbers in digits for people and as JSON for programs, and no half characters', () => {
    const event = { tiny: 1e-7, big: 1e22, broken: 'a\ud83d' };
    const message = '{{event.tiny}} {{event.big}} {{event.broken}}';
    expect(render('notify.manager', { message }, { event })?.params['message']).toBe(
      '0.0000001 10000000000000000000000 a\ufffd',
    );
    const body = '{"tiny":{{event.tiny}},"text":"{{event.tiny}}"}';
    const sent = render('webhook.send', { url: 'https://example.com', body }, { event })?.params['body'];
    expect(sent).toBe('{"tiny":1e-7,"text":"0.0000001"}');
  });

  it('are escaped inside the strings of a JSON body', () => {
    const body = '{"text":"Note: {{event.note}}","{{event.dots}}":["{{event.absent}}"]}';
    const sent = render('webhook.send', { url: 'https://example.com', body })?.params['body'];
    expect(JSON.parse(String(sent))).toEqual({ text: 'Note: He said "go"\nthen left', '..': [''] });
  });

  it('are the JSON of their value outside of its strings, null where it is missing', () => {
    const body = '{"amount":{{event.amount}},"note":{{event.note}},"list":{{event.list}},"none":{{event.absent}}}';
    const sent = render('webhook.send', { url: 'https://example.com', body })?.params['body'];
    expect(JSON.parse(String(sent))).toEqual({
      amount: 1200,
      note: 'He said "go"\nthen left',
      list: ['a', 'b'],
      none: null,
    });
  });

  it('are plain in a body that is no JSON', () => {
    const sent = render('webhook.send', { url: 'https://example.com', body: 'note={{event.note}}' });
    expect(sent?.params['body']).toBe('note=He said "go"\nthen left');
  });

  it('are percent-encoded in a URL', () => {
    const sent = render('webhook.send', { url: 'https://example.com/{{customer.id}}?at={{event.place}}#{{brand}}' });
    expect(sent).toEqual({
      type: 'webhook.send',
      params: { url: 'https://example.com/C-1?at=S%C3%A3o%20Paulo%2FSP%20%26%20more%3F#alder' },
    });
  });

  it('cannot lead a URL to another path', () => {
    const sent = render('webhook.send', { url: 'https://example.com/customers/{{event.dots}}/notes' });
    expect(sent?.issue).toMatch(/^params\.url would lead to another path/);
  });

  it('cannot begin another header', () => {
    const sent = render('webhook.send', {
      url: 'https://example.com',
      headers: { 'X-Note': '{{event.note}}', A: 'b' },
    });
    expect(sent?.params['headers']).toEqual({ 'X-Note': 'He said "go" then left', A: 'b' });
    expect(sent?.issue).toBeUndefined();
  });

  it('keep the number where an id is one reference alone', () => {
    const statusOf = (status: string) => render('customer.set_status', { status })?.params['status'];
    expect(statusOf('{{event.manager}}')).toBe(7);
    expect(statusOf('level-{{event.manager}}')).toBe('level-7');
  });

  it('shorten prose that gets too long, and fail anything else that does', () => {
    const long = { event: { text: 'x'.repeat(ruleLimits.notificationTitle) } };
    const title = render('notify.manager', { title: 'Title: {{event.text}}' }, long);
    expect(title?.params['title']).toHaveLength(ruleLimits.notificationTitle);
    expect(title).toMatchObject({ params: { title: expect.stringMatching(/^Title: x+…$/) } });
    expect(title?.issue).toBeUndefined();
    const url = render(
      'webhook.send',
      { url: 'https://example.com/{{event.text}}' },
      { event: { text: 'x'.repeat(2048) } },
    );
    expect(url?.issue).toMatch(/^params\.url has 20\d\d characters: at most 2048/);
  });

  it('fail an action that is left without what it needs', () => {
    expect(render('customer.set_status', { status: '{{event.absent}}' })?.issue).toBe(
      'params.status must not be empty',
    );
  });

  it('fail an action whose values would fill the memory of the process', () => {
    const body = '{{event.text}}'.repeat(4_000);
    const action = render(
      'webhook.send',
      { url: 'https://example.com', body },
      { event: { text: 'x'.repeat(240_000) } },
    );
    expect(action?.issue).toBe('params.body takes more than 1048576 characters with what the event holds');
  });

  it('fail the actions that all together would be too big for a run', () => {
    const action: RuleAction = {
      type: 'webhook.send',
      params: { url: 'https://example.com', body: '{{event.text}}' },
    };
    const render = compileActions(Array.from({ length: 6 }, () => action));
    const actions = render?.({ brand: null, event: { text: 'x'.repeat(60_000) } }) ?? [];
    expect(actions.map(({ issue }) => issue === undefined)).toEqual([true, true, true, true, false, false]);
    expect(JSON.stringify(actions).length).toBeLessThan(ruleLimits.actionsJson + 2000);
  });

  it('cost nothing where there are none', () => {
    const plain: RuleAction = {
      type: 'webhook.send',
      params: { url: 'https://example.com', headers: { A: 'b' }, body: '{}' },
    };
    expect(compileActions([plain])).toBeNull();
    expect(compileRule(aRule({ actions: [plain] })).renderActions).toBeNull();
    const other: RuleAction = { type: 'notify.manager', params: { message: '{{brand}}' } };
    expect(compileActions([plain, other])?.(context)[0]).toBe(plain);
  });
});

describe('a rule whose actions refer to the context', () => {
  it('R-180 is checked when it is saved: fields as in conditions, event.* free', () => {
    const message = '{{event.anything.at_all}} {{customer.country}} {{brand}} {{order.symbol}}';
    expect(problems({ type: 'notify.manager', params: { message } })).toEqual([]);
    expect(problem('notify.manager', { message: '{{customer.shoe_size}}' })).toBe(
      'actions[0].params.message unknown_field',
    );
    expect(problem('webhook.send', { url: 'https://example.com', headers: { 'X-A': '{{nobody}}' } })).toBe(
      'actions[0].params.headers.X-A unknown_field',
    );
  });

  it.each([
    ['a section', '{{#event.list}}x{{/event.list}}'],
    ['an inverted section', '{{^event.list}}x{{/event.list}}'],
    ['a partial', '{{> other}}'],
    ['unescaped output', '{{{event.amount}}}'],
    ['unescaped output, the other way', '{{&event.amount}}'],
    ['a comment', '{{! nobody sees this }}'],
    ['other braces', '{{=<% %>=}}<%event.amount%>'],
    ['a reference without an end', 'amount {{event.amount'],
    ['a section without an end', '{{#event.list}}'],
    ['an endless reference', `{{${' '.repeat(60_000)}}}`],
  ])('must not hold %s', (_what, message) => {
    const limited = message.slice(0, ruleLimits.webhookBody);
    expect(problem('webhook.send', { url: 'https://example.com', body: limited })).toBe(
      'actions[0].params.body wrong_reference',
    );
  });

  it.each([
    '{{event.scheme}}://example.com/',
    'https://{{event.host}}/',
    'https://example.com{{event.x}}',
    '{{event.url}}',
  ])('must not have a reference in scheme or host: %s', (url) =>
    expect(problem('webhook.send', { url })).toBe('actions[0].params.url wrong_reference'),
  );

  it('still has to keep what holds without references', () => {
    expect(problem('webhook.send', { url: 'ftp://example.com/{{event.x}}' })).toBe(
      'actions[0].params.url wrong_reference',
    );
    expect(problem('webhook.send', { url: 'https://example.com/', method: '{{event.method}}' })).toBe(
      'actions[0].params.method wrong_value',
    );
    expect(problem('webhook.send', { url: 'https://example.com/', headers: { Host: '{{brand}}' } })).toBe(
      'actions[0].params.headers wrong_value',
    );
  });
});

describe('messages to customers', () => {
  it('may be a mail that is a subject alone', () => {
    const actions = [
      { type: 'send_email', params: { subject: 'Good to see you again' } },
      { type: 'add_note', params: { body: 'Assigned by automation' } },
    ];
    expect(problems(...actions)).toEqual([]);
  });

  it('R-180 are a template or a text, to the customer or an address', () => {
    const right: { type: string; params: object }[] = [
      { type: 'send_email', params: { template: 'welcome_br' } },
      { type: 'send_email', params: { template: 'welcome_br', subject: 'Olá {{customer.id}}', to: 'a@b.example' } },
      { type: 'send_email', params: { subject: 'Good to see you again' } },
      { type: 'send_email', params: { subject: 'Hi', body: '{{event.amount}}', to: '{{event.mail}}@b.example' } },
      { type: 'send_sms', params: { template: 'win_back' } },
      { type: 'send_sms', params: { body: 'Hi', to: '+55 11 98765-4321' } },
    ];
    expect(problems(...right)).toEqual([]);
  });

  it('may refer to an address, which is checked once it is known', () => {
    const params = { subject: 'Hi', to: '{{customer.email}}' };
    expect(problem('send_email', params)).toBeUndefined();
    expect(problem('send_sms', { body: 'Hi', to: '{{event.phone}}' })).toBeUndefined();
    expect(render('send_email', params)?.issue).toMatch(/^params\.to must be one e-mail address/);
    const known = { customer: { id: 'C-1', email: 'a@b.example' } };
    expect(render('send_email', params, known)).toEqual({
      type: 'send_email',
      params: { subject: 'Hi', to: 'a@b.example' },
    });
  });

  it.each([
    ['send_email', {}, ''],
    ['send_email', { body: 'no subject' }, ''],
    ['send_email', { template: 'a', body: 'b' }, ''],
    ['send_email', { subject: 'a', to: 'a@b.example, c@d.example' }, '.to'],
    ['send_email', { subject: 'a', to: 'Ann <a@b.example>' }, '.to'],
    ['send_sms', {}, ''],
    ['send_sms', { template: 'a', body: 'b' }, ''],
    ['send_sms', { body: 'b', to: '0301234567' }, '.to'],
    ['webhook', {}, ''],
    ['webhook', { url: 'https://example.com/', target: 'crm' }, ''],
  ])('%s with %j is wrong', (type, params, member) => {
    expect(problem(type, params)).toBe(`actions[0].params${member} wrong_value`);
  });

  it('R-179 webhook takes no method: it is always a POST', () => {
    expect(problem('webhook', { url: 'https://example.com/', method: 'GET' })).toBe(
      'actions[0].params.method unknown_param',
    );
    expect(problem('webhook', { target: 'crm', headers: { A: 'b' }, body: '{}', timeout_ms: 1 })).toBeUndefined();
  });
});
