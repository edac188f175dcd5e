/** The part of the configuration that SMS need. */
import type { Config } from '#libs/config/config.ts';
import type { SmsProvider } from './sms-sender.ts';

/** @returns null when no provider is active. What an active one needs is there: the configuration has checked it. */
export function smsProvider(config: Config['sms']): SmsProvider | null {
  if (config.provider === 'twilio') {
    return {
      kind: 'twilio',
      baseUrl: config.twilioUrl,
      accountSid: config.twilioAccountSid ?? '',
      authToken: config.twilioAuthToken ?? '',
      from: config.from ?? '',
    };
  }
  if (config.provider !== 'http') return null;
  return {
    kind: 'http',
    url: config.httpUrl ?? '',
    token: config.httpToken ?? null,
    from: config.from ?? null,
  };
}
