/** The data of a request as the API answers with it. */
import { z } from 'zod';
import { dataTypes } from '#libs/domain/rules/process.ts';
import { time } from '../openapi/shared.schema.ts';

const fileSchema = z
  .object({
    name: z.string(),
    content_type: z.string(),
    size: z.int().meta({ description: 'Bytes' }),
    description: z.string().nullable(),
    updated_at: time.nullable().meta({ description: 'As its sender stated it' }),
  })
  .meta({ id: 'RequestFile' });

const dataItemSchema = z
  .object({
    name: z.string(),
    type: z.enum(dataTypes),
    required: z.boolean(),
    value: z
      .union([z.string(), z.number(), fileSchema])
      .nullable()
      .meta({ description: 'A time is ISO 8601 in UTC; null: no value was given' }),
  })
  .meta({ id: 'RequestDataItem' });

export const runDataAnswer = z.object({ data_items: z.array(dataItemSchema) });

export type DataItemView = z.output<typeof dataItemSchema>;
