import { describe, expect, it } from 'vitest';
import { withAddressesOf } from './example.loader.ts';

const send = (url: string) => ({ type: 'webhook.send', params: { url } });

describe('the address of the example receiver in stored rules', () => {
  const example = { actions: [send('http://127.0.0.1:31000/risk-desk')] };

  it('follows the receiver to its present port', () => {
    expect(withAddressesOf([send('http://127.0.0.1:8090/risk-desk')], example)).toEqual(example.actions);
  });

  it('leaves every other address alone', () => {
    const others = [
      send('http://127.0.0.1:8090/other'),
      send('https://hooks.example/risk-desk'),
      { type: 'delay', params: {} },
    ];
    expect(withAddressesOf(others, example)).toEqual(others);
  });
});
