/** Query parameters of what runs have left at customers and managers. */
import { z } from 'zod';
import { oneOfText, page, text } from './list-query.schema.ts';

const managerId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be the number of a manager')
  .transform(Number);
const ofBrand = { brand: text.optional() };

export const crmRecordQuery = z.strictObject(ofBrand);

export const tasksQuery = z.strictObject({
  customer_id: text.optional(),
  manager_id: managerId.optional(),
  state: oneOfText(['open', 'done']).optional(),
  ...ofBrand,
  ...page,
});

export const notificationsQuery = z
  .strictObject({
    customer_id: text.optional(),
    manager_id: managerId.optional(),
    /** `true`: those not read only. */
    unread: oneOfText(['true', 'false'])
      .transform((value) => value === 'true')
      .default(false),
    ...ofBrand,
    ...page,
  })
  .refine(({ customer_id, manager_id }) => customer_id !== undefined || manager_id !== undefined, {
    path: ['manager_id'],
    error: 'must be given, or customer_id',
  });

/** Notes and assignments are those of a customer. */
export const customerRecordsQuery = z.strictObject({ customer_id: text, ...ofBrand, ...page });

export type CrmRecordQuery = z.output<typeof crmRecordQuery>;
export type TasksQuery = z.output<typeof tasksQuery>;
export type NotificationsQuery = z.output<typeof notificationsQuery>;
export type CustomerRecordsQuery = z.output<typeof customerRecordsQuery>;
