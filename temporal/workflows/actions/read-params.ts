/**
 * Reads action params. Rules are validated when they are saved; this is the last guard, for rules that came into the
 * store another way or were saved by another version.
 */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { Params } from './action-handler.ts';
import { cut } from '#libs/domain/values/shorten.ts';

/** @returns null when the param is absent. @throws PermanentError `invalid_params` */
export function optionalText(params: Params, name: string): string | null {
  const value = params[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw invalid(name, 'a string');
  return value;
}

/** @throws PermanentError `invalid_params` */
export function requiredText(params: Params, name: string): string {
  const value = optionalText(params, name);
  if (value === null || value === '') throw invalid(name, 'a string that is not empty');
  return value;
}

/** @throws PermanentError `invalid_params` */
export function requiredKey(params: Params, name: string): string | number {
  const value = params[name];
  if ((typeof value !== 'string' || value === '') && typeof value !== 'number') {
    throw invalid(name, 'a string or a number');
  }
  return value;
}

/** @returns null when the param is absent. @throws PermanentError `invalid_params` */
export function optionalInteger(params: Params, name: string): number | null {
  const value = params[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw invalid(name, 'an integer');
  return value;
}

/** @throws PermanentError `invalid_params` */
export function requiredBoolean(params: Params, name: string): boolean {
  const value = params[name];
  if (typeof value !== 'boolean') throw invalid(name, 'true or false');
  return value;
}

/** Says what is expected, never what was found: params may hold secrets. */
export function invalid(name: string, expected: string): PermanentError {
  return new PermanentError('invalid_params', `params.${name} must be ${expected}`);
}

/** A value as part of a summary; empty when it is none that can be shown. Never throws, whatever the params hold. */
export function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? cut(String(value), 60) : '';
}
