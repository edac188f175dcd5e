/** Plain activities: no retries of their own, no records, no guard, no masking. */
import type { Connection } from 'mongoose';
import { request } from 'undici';

export interface BaselineActivities {
  post(url: string, key: string): Promise<void>;
  writeStatus(customerId: string, status: string): Promise<void>;
  writeRiskLevel(customerId: string, level: string): Promise<void>;
  writeNotification(id: string, customerId: string): Promise<void>;
}

/** @param customers the collection that the measured rule writes as well, in the baseline's own database */
export function createBaselineActivities(store: Connection): BaselineActivities {
  const customers = store.collection<{ _id: string; sales_status?: string; risk_level?: string }>('customers');
  const notifications = store.collection<{ _id: string; manager_id: number; customer_id: string; created_at: Date }>(
    'notifications',
  );
  return {
    async post(url, key) {
      const response = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: '{"text":"High risk trade"}',
      });
      await response.body.dump();
      if (response.statusCode >= 300) throw new Error(`POST ${url} answered ${response.statusCode}`);
    },
    async writeStatus(customerId, status) {
      await customers.updateOne({ _id: customerId }, { $set: { sales_status: status } });
    },
    async writeRiskLevel(customerId, level) {
      await customers.updateOne({ _id: customerId }, { $set: { risk_level: level } });
    },
    async writeNotification(id, customerId) {
      await notifications.insertOne({ _id: id, manager_id: 1, customer_id: customerId, created_at: new Date() });
    },
  };
}
