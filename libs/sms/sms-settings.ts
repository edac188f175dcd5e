/** The part of the configuration that SMS need. */
import type { Config } from '#libs/config/config.ts';
import type { SmsProvider } from './sms-sender.ts';

/** @returns null when no provider is active. What an active one needs is there: the configuration has checked it. */
export function smsProvider(config: Config): SmsProvider | null {
  if (config.SMS_PROVIDER === 'twilio') {
    return {
      kind: 'twilio',
      baseUrl: config.SMS_TWILIO_URL,
      accountSid: config.SMS_TWILIO_ACCOUNT_SID ?? '',
      authToken: config.SMS_TWILIO_AUTH_TOKEN ?? '',
      from: config.SMS_FROM ?? '',
    };
  }
  if (config.SMS_PROVIDER !== 'http') return null;
  return {
    kind: 'http',
    url: config.SMS_HTTP_URL ?? '',
    token: config.SMS_HTTP_TOKEN ?? null,
    from: config.SMS_FROM ?? null,
  };
}
