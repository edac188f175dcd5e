/**
 * The fields of schemas, each with the type of what it holds: a document is said once, and mongoose infers its type.
 * `required` is in every document; `optional` may be absent, and is never null; `nullable` is in every document and may
 * be null. What the kind of a field leaves open stands in angle brackets: `required<RunStatus>(String)`.
 */
import { Schema, type InferRawDocTypeWithout_id } from 'mongoose';

export const { Mixed } = Schema.Types;

// A text that is there may be empty: mongoose would count it as missing.
Schema.Types.String.checkRequired((value: unknown) => typeof value === 'string');

type Kind = One | [One];
type One = StringConstructor | NumberConstructor | BooleanConstructor | BufferConstructor | typeof Mixed;
type HeldBy<K extends Kind> = InferRawDocTypeWithout_id<{ field: { type: K; required: true } }>['field'];

/** Mongoose takes the type of this member, which no field has, for that of what is stored. */
interface Holds<T> {
  type: Kind;
  __rawDocTypeHint: T;
}
type RequiredField<T> = Holds<T> & { required: true };
type OptionalField<T> = Holds<T> & { allowNull: false };
type NullableField<T> = Holds<T | null> & { required: true };

export function required<K extends Kind>(kind: K): RequiredField<HeldBy<K>>;
export function required<T>(kind: Kind): RequiredField<T>;
export function required(type: Kind): object {
  return { type, required: true, default: undefined };
}

export function optional<K extends Kind>(kind: K): OptionalField<HeldBy<K>>;
export function optional<T>(kind: Kind): OptionalField<T>;
export function optional(type: Kind): object {
  return { type, allowNull: false, default: undefined };
}

export function nullable<K extends Kind>(kind: K): NullableField<HeldBy<K>>;
export function nullable<T>(kind: Kind): NullableField<T>;
export function nullable(type: Kind): object {
  return { type, default: null };
}
