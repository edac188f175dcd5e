import { describe, expect, it } from 'vitest';
import { beginReference, complete, openReference, suggest } from './reference-completion.ts';

/** The caret stands where the bar is. */
function at(text: string): [string, number] {
  return [text.replace('|', ''), text.indexOf('|')];
}

describe('references', () => {
  it.each([
    ['Hi {{|', { start: 3, typed: '' }],
    ['Hi {{ customer.na|', { start: 3, typed: 'customer.na' }],
    ['{{ a }} and {{ b|', { start: 12, typed: 'b' }],
    ['{{ a }}|', null],
    ['{|', null],
    ['{{|{', { start: 0, typed: '' }],
    ["{{ '{{' |", null],
    ['{{ a\n|', null],
    ['|{{', null],
  ])('are open in %j', (text, open) => {
    expect(openReference(...at(text))).toEqual(open);
  });

  it.each([
    ['Hi {{ ev|, you', 'Hi {{ event.amount }}|, you'],
    ['Hi {{ ev|ent }}, you', 'Hi {{ event.amount }}|, you'],
    ['Hi |', 'Hi {{ event.amount }}|'],
    ['Hi {{| and {{ b }}', 'Hi {{ event.amount }}| and {{ b }}'],
  ])('are completed in %j', (before, after) => {
    const [text, caret] = at(before);
    const done = complete(text, caret, 'event.amount');
    expect(`${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`).toBe(after);
  });

  it.each([
    ['Hi|, you', 'Hi {{ |, you'],
    ['Größe 5|', 'Größe 5 {{ |'],
    ['Hi |', 'Hi {{ |'],
    ['(|)', '({{ |)'],
    ['|', '{{ |'],
  ])('are begun in %j apart from the word before them', (before, after) => {
    const [text, caret] = at(before);
    const begun = beginReference(text, caret);
    expect(`${begun.text.slice(0, begun.caret)}|${begun.text.slice(begun.caret)}`).toBe(after);
  });

  it('are suggested by path and by name', () => {
    const fields = [
      { path: 'customer.country', label: 'country of the customer' },
      { path: 'amount_usd', label: 'amount in US dollars' },
      { path: 'event.amount', label: 'amount of the event' },
    ];
    expect(suggest(fields, 'amount').map(({ path }) => path)).toEqual(['amount_usd', 'event.amount']);
    expect(suggest(fields, 'COUNTRY OF').map(({ path }) => path)).toEqual(['customer.country']);
    expect(suggest(fields, '')).toHaveLength(3);
  });
});
