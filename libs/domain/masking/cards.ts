/** Card numbers (ISO/IEC 7812): digits that begin and are as long as those of an issuer, with a right check digit. */
import { maskSecret } from './secret.ts';

/** In one piece or in groups with the same blank or dash between them. */
const candidate = /(?<![\w.+-])[2-6]\d{3}([ -]?)\d{4,6}\1\d{4,5}(?:\1\d{1,7})?(?![\w-])(?!\.\d)/g;
const issued =
  /^(?:4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}|(?:50|5[6-9]|6[0-9])\d{14,17})$/;

export function maskCards(text: string): string {
  return text.replace(candidate, (found) => {
    const digits = found.replace(/[ -]/g, '');
    return isCardNumber(digits) ? maskSecret(digits) : found;
  });
}

export function isCardNumber(digits: string): boolean {
  return issued.test(digits) && hasRightCheckDigit(digits);
}

/** Luhn's sum. */
function hasRightCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
