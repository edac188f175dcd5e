/**
 * Messages to customers: regular activities. Mails have a task queue of their own, so that a slow mail server holds back
 * nothing else and nothing else holds back mails.
 */
import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { HttpActivities, MailActivities, TemplateUse } from '#temporal/contract/activities.ts';
import { mailTaskQueue } from '#temporal/contract/names.ts';
import { carried } from '../run/carried-context.ts';
import { mailOptions, smsOptions } from '../activity-options.ts';
import { optionalText, shown } from './read-params.ts';
import type { Params, WaitingHandler } from './action-handler.ts';

const mails = proxyActivities<MailActivities>(mailOptions);
const calls = proxyActivities<HttpActivities>(smsOptions);

export const sendEmail: WaitingHandler = {
  kind: 'waiting',
  hint: ({ template }) => shown(template),
  perform(params, { subject, context, summary, tries }) {
    const input = {
      ...subject,
      tries,
      to: recipient(params, context, 'email', 'e-mail address'),
      title: optionalText(params, 'subject'),
      body: optionalText(params, 'body'),
      template: templateUse(params, context),
    };
    const options = { summary, taskQueue: mailTaskQueue(workflowInfo().taskQueue) };
    // What is under way ends by itself, also when the run is cancelled.
    return CancellationScope.nonCancellable(() => mails.sendEmail.executeWithOptions(options, [input]));
  },
};

export const sendSms: WaitingHandler = {
  kind: 'waiting',
  hint: ({ template }) => shown(template),
  perform(params, { subject, context, summary, tries }) {
    const input = {
      ...subject,
      tries,
      to: recipient(params, context, 'phone', 'phone number'),
      body: optionalText(params, 'body'),
      template: templateUse(params, context),
    };
    return CancellationScope.nonCancellable(() => calls.sendSms.executeWithOptions({ summary }, [input]));
  },
};

/** As the customer was when the run was decided on: every attempt goes to the same place. */
function recipient(params: Params, { customer }: RuntimeContext, field: 'email' | 'phone', what: string): string {
  const to = optionalText(params, 'to') ?? customer?.[field];
  if (typeof to === 'string' && to !== '') return to;
  const why = customer === undefined ? 'the event is linked to no customer' : `the customer has no ${what}`;
  throw new PermanentError('no_recipient', `No recipient: ${why} (customer.${field}), and params.to is not given`);
}

/** A template may show anything of the context. */
function templateUse(params: Params, context: RuntimeContext): TemplateUse | null {
  const code = optionalText(params, 'template');
  if (code === null) return null;
  const language = context.customer?.language;
  return {
    code,
    brand: context.brand,
    language: typeof language === 'string' ? language : null,
    context: carried(context),
  };
}
