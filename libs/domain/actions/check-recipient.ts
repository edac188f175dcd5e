/** Who gets a mail or an SMS. */
import { ruleLimits } from '../rules/rule-limits.ts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** One address and nothing that could stand for a second one, a name or a comment. */
const address = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+$/;

/** @returns what is wrong with it, continuing "params.to …", or null. */
export function checkMailAddress(value: unknown): string | null {
  const text = String(value);
  return address.test(text) && text.length <= ruleLimits.mailAddress
    ? null
    : 'must be one e-mail address, e.g. ann@example.com';
}

/** @returns what is wrong with it, continuing "params.to …", or null. */
export function checkPhoneNumber(value: unknown): string | null {
  return phoneNumber(String(value)) === null ? phoneNumberExpected : null;
}

export const phoneNumberExpected = 'must be a phone number with its country, e.g. +5511987654321';

/**
 * @returns the number in E.164, without what people write into it, such as the (0) of +44 (0)20 7946 0958; null for
 * what is no number, or has more or fewer digits than its country's
 */
export function phoneNumber(text: string): string | null {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  return parsed?.isPossible() === true && parsed.ext === undefined ? parsed.number : null;
}
