/** `send_sms`: one SMS through the active provider. */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { maskAddress } from '#libs/domain/masking/masking.ts';
import type { OutboundDirectory } from '#libs/domain/directory/outbound.ts';
import { phoneNumber, phoneNumberExpected } from '#libs/domain/actions/check-recipient.ts';
import { renderSms, shortenSms } from '#libs/sms/render-sms.ts';
import type { SmsSender } from '#libs/sms/sms-sender.ts';
import type { SendSmsInput } from '#temporal/contract/activities.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import { headerSafeKey } from './idempotency-header.ts';
import type { Prepare } from './message-step.ts';

export interface SendSmsPorts {
  directory: Pick<OutboundDirectory, 'template'>;
  sms: SmsSender;
  /** What the run under way was decided on. */
  runContext: () => Promise<RuntimeContext>;
}

/** @throws PermanentError `invalid_recipient`, `template_not_found`, and what `SmsSender.send` throws */
export function prepareSms({ directory, sms, runContext }: SendSmsPorts): Prepare<SendSmsInput> {
  return async (input) => {
    const to = phoneNumber(input.to);
    if (to === null) throw new PermanentError('invalid_recipient', `The recipient ${phoneNumberExpected}`);
    const text = shortenSms(await textFor(input, directory, runContext));
    if (text === '') throw new PermanentError('empty_message', 'The SMS has no text');
    return async () => {
      await sms.send({ key: headerSafeKey(input.key), to, text });
      const params = { to: maskAddress(to), template: input.template?.code ?? null };
      return {
        detail: `SMS to ${params.to}${input.template === null ? '' : ` (template ${input.template.code})`}`,
        report: { code: 'sms_sent', params },
      };
    };
  };
}

async function textFor(
  { body, template }: SendSmsInput,
  directory: SendSmsPorts['directory'],
  runContext: SendSmsPorts['runContext'],
): Promise<string> {
  if (template === null) return body ?? '';
  const { code, brand, language, context } = template;
  const found = await directory.template({ channel: 'sms', code, brand, language });
  return renderSms(found, context ?? (await runContext()));
}
