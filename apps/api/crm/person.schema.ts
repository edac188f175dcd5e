/** Customers and managers of the directory, as the API answers with them. */
import { z } from 'zod';
import { json, time } from '../openapi/shared.schema.ts';

const text = z.string().nullable();
const label = z.union([z.string(), z.number()]).nullable();

const customerAccountSchema = z
  .object({
    login: z.int(),
    group: z.string(),
    brand: z.string().nullable(),
    name: text,
    enabled: z.boolean().nullable(),
    frozen: z.boolean(),
    frozen_reason: text,
    frozen_at: time.nullable(),
  })
  .meta({ id: 'CustomerAccount' });

const customerSchema = z
  .object({
    customer_id: z.string(),
    brand: text.meta({ description: 'As the CRM states it; rules run by the brands of the accounts' }),
    country: text,
    language: text,
    email: text,
    kyc_status: text,
    kyc_current_level: z.number().nullable(),
    risk_level: label,
    sales_status: text,
    retention_status: text,
    active: z.boolean().nullable(),
    assigned_manager_id: z.int().nullable(),
    team_id: text,
    desk: text,
    manager_id: z.int().nullable(),
    more: z.record(z.string(), json).meta({ description: 'All other fields of the directory, masked' }),
    accounts: z
      .array(customerAccountSchema)
      .nullable()
      .meta({ description: 'Those of brands the session is for; null: more than CUSTOMER_ACCOUNTS_MAX' }),
  })
  .meta({ id: 'Customer' });

const managerSchema = z
  .object({
    manager_id: z.int(),
    name: z.string(),
    email: text,
    enabled: z.boolean(),
    brands: z.array(z.string()).nullable().meta({ description: 'That the session may see; null = all brands' }),
    is_caller: z.boolean().meta({ description: 'Whether the session is of this manager' }),
  })
  .meta({ id: 'Manager' });

export const customerAnswer = z.object({ customer: customerSchema });
export const managerAnswer = z.object({ manager: managerSchema });

export type CustomerView = z.output<typeof customerSchema>;
export type CustomerAccountView = z.output<typeof customerAccountSchema>;
export type ManagerView = z.output<typeof managerSchema>;
