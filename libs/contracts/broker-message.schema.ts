/** `trade.push` and `account.push` as schemas. `broker-message.ts` reads them by hand; a test holds the two together. */
import { z } from 'zod';
import { causation, eventId, eventTime, exactNumber, flag, key, login, textId } from './member.schema.ts';

/** @param name of the component @param record what the message is about */
function envelope(name: string, record: z.ZodType) {
  return z
    .looseObject({
      id: eventId.nullish(),
      event: key().describe('What the broker did with the record.'),
      occurredAt: eventTime.nullish(),
      causation: causation.nullish(),
      record,
    })
    .meta({ id: name });
}

const tradeRecord = z
  .looseObject({
    login,
    cmd: key().meta({ description: 'Command of the trade.', examples: ['OP_BUY', 'OP_BALANCE_IN'] }),
    order: z.int().nullish(),
    volume: z.int().nullish().describe('Hundredths of a lot.'),
    close_price: exactNumber.nullish(),
    symbol: z.string().nullish(),
    comment: z.string().nullish(),
    amount_usd: exactNumber.nullish(),
  })
  .meta({ id: 'TradeRecord', description: 'Members that are not named here pass through to conditions and texts.' });

const accountRecord = z
  .looseObject({
    login,
    group: key().describe('Trading group; it says which brand the account belongs to.'),
    name: z.string().nullish(),
    email: z.string().nullish(),
    country: z.string().nullish(),
    enable: flag.nullish(),
    leverage: z.int().nullish(),
    customer_id: textId.nullish(),
  })
  .meta({ id: 'AccountRecord', description: 'Members that are not named here pass through to conditions and texts.' });

export const tradePushSchema = envelope('TradePush', tradeRecord);
export const accountPushSchema = envelope('AccountPush', accountRecord);
