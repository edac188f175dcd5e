import { describe, expect, it } from 'vitest';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { checkMessageText, renderMessageText } from './message-template.ts';
import { languageChain } from '../directory/outbound.ts';

const context: RuntimeContext = {
  brand: 'alder',
  event: { amount: 1200, note: '<b>"Tom" & Ann</b>', orders: [{ id: 1 }, { id: 2 }], vip: true },
  customer: { id: 'C-1', first_name: 'Maria' },
};
const html = (text: string) => renderMessageText(text, context, 'html');
const plain = (text: string) => renderMessageText(text, context, 'plain');

describe('the text of a message', () => {
  it('holds values of the run, escaped in html and plain elsewhere', () => {
    expect(html('<p>{{ customer.first_name }}: {{event.note}}</p>')).toBe(
      '<p>Maria: &lt;b&gt;&quot;Tom&quot; &amp; Ann&lt;/b&gt;</p>',
    );
    expect(plain('{{brand}} {{event.note}}')).toBe('alder <b>"Tom" & Ann</b>');
  });

  it('holds braces where it says so', () => {
    expect(plain('{{ \'{{\' }}name}} {{customer.first_name}} {{"{{"}}')).toBe('{{name}} Maria {{');
    expect(html("<p>{{#event.vip}}{{ '{{' }}x}}{{/event.vip}}</p>")).toBe('<p>{{x}}</p>');
    expect(() => checkMessageText("{{ '{{' }}name}}")).not.toThrow();
  });

  it('holds nothing where a value is missing or inherited', () => {
    expect(plain('[{{customer.middle_name}}{{trade.symbol}}{{constructor.name}}{{event.amount.toFixed}}]')).toBe('[]');
    expect(plain('[{{#constructor}}x{{/constructor}}{{#toString}}x{{/toString}}]')).toBe('[]');
  });

  it('may leave parts out and repeat others', () => {
    expect(plain('{{#event.vip}}VIP{{/event.vip}}{{^event.vip}}no{{/event.vip}}{{! said nowhere }}')).toBe('VIP');
    expect(plain('{{#event.orders}}{{id}} of {{customer.id}}, {{/event.orders}}')).toBe('1 of C-1, 2 of C-1, ');
  });

  it('does not render what a value holds', () => {
    const sly: RuntimeContext = { brand: null, event: { name: '{{customer.id}}' } };
    expect(renderMessageText('{{event.name}}', sly, 'plain')).toBe('{{customer.id}}');
  });

  it.each([
    '{{{event.note}}}',
    '{{&event.note}}',
    '{{> footer}}',
    '{{#a}}{{> b}}{{/a}}',
    '{{#a}}',
    '{{=<% %>=}}',
    '{{a',
  ])('must not be %s', (text) =>
    expect(() => checkMessageText(text)).toThrow(expect.objectContaining({ code: 'wrong_reference' })),
  );
});

it.each([
  ['pt-BR', ['pt-br', 'pt', null]],
  ['pt_BR', ['pt-br', 'pt', null]],
  ['DE', ['de', null]],
  ['', [null]],
  [null, [null]],
])('a customer who speaks %s reads %j', (language, expected) => expect(languageChain(language)).toEqual(expected));
