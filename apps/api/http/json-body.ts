/** A body that has to be one JSON object, read strictly: what two readers could understand differently is refused. */
import { findInexactNumber, holdsInexactNumber, inexactNumber } from '#libs/contracts/exact-numbers.ts';
import { findJsonFault, type JsonFault } from '#libs/contracts/json-scan.ts';
import { utf8Text } from '#libs/contracts/message.ts';
import { describeKind } from '#libs/contracts/record-check.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { ProblemCode } from '#libs/domain/errors/problem-codes.ts';
import { formatJsonPath } from '#libs/domain/errors/json-path.ts';
import { isJsonObject, type JsonObject } from '#libs/domain/json/json-object.ts';

export interface JsonBodyLimits {
  /** Objects and lists inside one another, the body being the first. A few hundred: what works with bodies recurses. */
  maxDepth: number;
}

/**
 * Nothing is parsed before its depth is known.
 * @param bytes of the body, its compression undone
 * @throws InvalidInputError with one problem: `not_utf8`, `not_json`, `wrong_type`, `duplicate_member`, `too_deep` or
 * `inexact_number`. Its message says what is wrong and where, as the path (`order.items[2].id`), never a value.
 */
export function readJsonBody(bytes: Buffer, { maxDepth }: JsonBodyLimits): JsonObject {
  const text = utf8Text(bytes);
  if (text === null) throw refusal('', 'not_utf8', 'is not UTF-8');
  const fault = findJsonFault(text, maxDepth);
  if (fault !== null) throw faultRefusal(fault, text, maxDepth);
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw refusal('', 'wrong_type', `is ${describeKind(value)}: expected an object`);
  if (holdsInexactNumber(value)) throw refusal(findInexactNumber(value) ?? '', 'inexact_number', inexactNumber);
  return value;
}

function faultRefusal(fault: JsonFault, text: string, maxDepth: number): InvalidInputError {
  const path = pathOf(fault);
  if (fault.code === 'duplicate_member') return refusal(path, fault.code, 'is there twice: a name may come once');
  if (fault.code === 'too_deep') {
    return refusal(path, fault.code, `is nested too deeply: at most ${maxDepth} levels are allowed`);
  }
  const before = text.slice(0, fault.offset);
  const place = `line ${before.split('\n').length}, column ${fault.offset - before.lastIndexOf('\n')}`;
  return refusal('', fault.code, text.trim() === '' ? 'is empty: expected an object' : `is not JSON from ${place} on`);
}

/** @returns e.g. `order.items[2]`; empty for the body itself */
function pathOf({ place }: JsonFault): string {
  return place === null ? '' : formatJsonPath(place).replace(/^\./, '');
}

function refusal(path: string, code: ProblemCode, message: string): InvalidInputError {
  return new InvalidInputError(`${path === '' ? 'The body' : path} ${message}.`, [{ path, code, message }]);
}
