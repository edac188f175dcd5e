import { describe, expect, it } from 'vitest';
import { checkMailAddress, checkPhoneNumber, phoneNumber } from './check-recipient.ts';

describe('a phone number', () => {
  it.each([
    ['+5511987654321', '+5511987654321'],
    ['+55 (11) 98765-4321', '+5511987654321'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+49 (0) 30 / 901820', '+4930901820'],
    // In Italy the 0 belongs to the number.
    ['+39 06 698.1234', '+39066981234'],
    ['+1 212-555-0100', '+12125550100'],
  ])('%s is called as %s', (text, e164) => {
    expect(phoneNumber(text)).toBe(e164);
    expect(checkPhoneNumber(text)).toBeNull();
  });

  it.each([
    '',
    '+',
    '+44',
    '020 7946 0958',
    '0044 20 7946 0958',
    '+44207946095800000',
    '+999 123 456 789',
    '+44 20 7946 0958 ext. 5',
    '+44 20 7946 0958, +1 212 555 0100',
    'call +44 20 7946 0958',
  ])('%j is none', (text) => {
    expect(phoneNumber(text)).toBeNull();
    expect(checkPhoneNumber(text)).toBe('must be a phone number with its country, e.g. +5511987654321');
  });
});

describe('a mail address', () => {
  it.each(['ann@example.com', 'ann.lee+x@sub.example.com', 'änn@exämple.com', `${'a'.repeat(242)}@example.com`])(
    '%s is one',
    (text) => expect(checkMailAddress(text)).toBeNull(),
  );

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@example.com, bob@example.com',
    'Ann <ann@example.com>',
    'ann@example.com\nbob@example.com',
    'ann@@example.com',
    `${'a'.repeat(243)}@example.com`,
  ])('%j is none', (text) => expect(checkMailAddress(text)).toBe('must be one e-mail address, e.g. ann@example.com'));
});
