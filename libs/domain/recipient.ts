/** Who gets a mail or an SMS. */
import { ruleLimits } from './rule-limits.ts';

/** One address and nothing that could stand for a second one, a name or a comment. */
const address = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+$/;
const e164 = /^\+[1-9]\d{6,14}$/;

/** @returns what is wrong with it, continuing "params.to …", or null. */
export function checkMailAddress(value: unknown): string | null {
  const text = String(value);
  return address.test(text) && text.length <= ruleLimits.mailAddress
    ? null
    : 'must be one e-mail address, e.g. ann@example.com';
}

/** @returns what is wrong with it, continuing "params.to …", or null. */
export function checkPhoneNumber(value: unknown): string | null {
  return e164.test(phoneNumber(String(value))) ? null : 'must be a phone number with its country, e.g. +5511987654321';
}

/** Without what people write between digits. */
export function phoneNumber(text: string): string {
  return text.replace(/[\s().-]/g, '');
}
