/** What events say of their customers, as schemas. `customer-record.ts` reads it by hand; a test holds the two together. */
import { z } from 'zod';
import { withConditions } from './conditional.schema.ts';
import { customerFields, type CustomerEventFields, type FieldKind } from './customer-record.ts';
import { counted, flag, scalar, textId, writtenText } from './member.schema.ts';

const kinds: Record<FieldKind, z.ZodType> = {
  text: writtenText
    .nullable()
    .meta({ id: 'CustomerText', description: 'A text, also where a whole number writes it.' }),
  id: textId.nullable().meta({ id: 'CustomerTextId', description: 'An id of text, also where a number writes it.' }),
  counted: counted.nullable().meta({ id: 'CustomerNumber', description: 'A whole number, or text of digits.' }),
  flag: flag.nullable().meta({ id: 'CustomerFlag' }),
  scalar: scalar.nullable().meta({ id: 'CustomerScalar', description: 'A text, a number or a flag.' }),
};

const kindOf = new Map(customerFields);
const memberOf = (kind: FieldKind): z.ZodType => kinds[kind].optional();

/** @param except members that mean another field here */
function knownFields(except: readonly string[] = []): Record<string, z.ZodType> {
  // The customer's own brand decides nothing.
  const fields = customerFields.filter(([field]) => field !== 'brand' && !except.includes(field));
  return Object.fromEntries(fields.map(([field, kind]) => [field, memberOf(kind)]));
}

/** A part `customer` of an event's data; what is no object says nothing. */
export const customerPart = withConditions(
  z.unknown(),
  [{ where: z.looseObject({}), holds: z.looseObject(knownFields()).meta({ id: 'CustomerFields' }) }],
  { id: 'CustomerPart' },
);

/** Data of `customer.registered`: the whole customer. */
export const registeredCustomer = z
  .looseObject(
    Object.fromEntries(
      customerFields.filter(([, kind]) => kind !== 'scalar').map(([field, kind]) => [field, memberOf(kind)]),
    ),
  )
  .meta({ id: 'RegisteredCustomer' });

/** @param members by field, the member of the data that says it */
export function customerChange(type: string, members: CustomerEventFields): z.ZodType {
  const said = Object.entries(members).map(([field, member]) => [member, memberOf(kindOf.get(field) ?? 'scalar')]);
  return z
    .looseObject({ ...knownFields(Object.values(members)), ...(Object.fromEntries(said) as Record<string, z.ZodType>) })
    .meta({ id: `${nameOf(type)}Data` });
}

const kind = z.literal(['sales', 'kyc']);

/** Data of `customer.status_changed`: which status it is, is told by `kind`. */
export const statusChange = withConditions(
  z.looseObject({}),
  [
    {
      where: z.looseObject({ kind }),
      holds: z.looseObject({ status: memberOf('text'), status_id: memberOf('scalar') }),
    },
    { where: z.looseObject({ kind, status: z.null().optional() }), holds: z.looseObject({ to: memberOf('text') }) },
  ],
  { id: 'StatusChange', description: '`kind` is sales or kyc; the status is `status` or `to`, its id `status_id`.' },
);

/** `customer.kyc_changed` → `CustomerKycChanged` */
function nameOf(type: string): string {
  return type.replace(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase());
}
