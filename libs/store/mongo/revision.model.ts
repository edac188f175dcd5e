/** `revisions`: counters that tell a cache whether it is stale, one document each. */
import { Schema } from 'mongoose';
import { required } from './fields.ts';
import { defineModel, schemaOptions } from './model.ts';

const schema = Schema.create(
  {
    /**
     * `rules`: last change of rules that is written into every rule; `directory`: changes of accounts and groups;
     * `subscriptions`: changes of webhook subscriptions; `workflow_webhooks`: changes of workflow webhooks.
     */
    _id: required<'rules' | 'directory' | 'subscriptions' | 'workflow_webhooks'>(String),
    n: required(Number),
  },
  schemaOptions,
);

export const revisionModel = defineModel('revisions', schema);
