/** Which logins a customer has, kept with the customer as the other side of `account.customer_id`. */
import type { Connection } from 'mongoose';
import { collectionOf } from '../model.ts';
import { customerKey, customerModel } from './customer.model.ts';

/** Moves a login from one customer to another; null = no customer. Repeating it changes nothing. */
export type MoveLogin = (login: number, from: string | null, to: string | null) => Promise<void>;

export function createMoveLogin(connection: Connection): MoveLogin {
  const customers = collectionOf(customerModel(connection));
  return async (login, from, to) => {
    if (from === to) return;
    if (from !== null) await customers.updateOne({ _id: customerKey(from) }, { $pull: { logins: login } });
    if (to !== null) {
      await customers.updateOne(
        { _id: customerKey(to) },
        { $addToSet: { logins: login }, $setOnInsert: { id: to, stub: true } },
        { upsert: true },
      );
    }
  };
}
