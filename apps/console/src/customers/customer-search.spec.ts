import { expect, it } from 'vitest';
import { readCustomerSearch } from './customer-search.ts';

it('leaves out what is no parameter of the page', () => {
  expect(readCustomerSearch({ view: 'notes', brand: 'oak', cursor: 'x', other: '1' })).toEqual({
    view: 'notes',
    brand: 'oak',
    cursor: 'x',
  });
  expect(readCustomerSearch({ view: 'secrets', brand: '', cursor: 7 })).toEqual({});
});
