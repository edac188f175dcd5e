import { queryOptions } from '@tanstack/react-query';
import type { components } from '../shared/api-types.ts';
import { api, dataOf, pollEvery } from '../shared/client.ts';
import type { AttemptsSearch, PageSearch } from './connections-search.ts';

export type Subscription = components['schemas']['Subscription'];
export type DeliveryAttempt = components['schemas']['DeliveryAttempt'];
export type PendingDelivery = components['schemas']['PendingDelivery'];
export type WebhookApplication = components['schemas']['WebhookApplication'];
export type WorkflowWebhook = components['schemas']['WorkflowWebhook'];
export type ApiKey = components['schemas']['ApiKey'];

export const keysOf = {
  subscriptions: [['subscriptions']],
  applications: [['applications']],
  webhooks: [['webhooks']],
  keys: [['api-keys']],
};
const every = pollEvery(5000);

export function subscriptionsQuery(query: PageSearch) {
  return queryOptions({
    queryKey: ['subscriptions', 'list', query],
    queryFn: () => dataOf(api.GET('/api/workflow/subscriptions', { params: { query } })),
    refetchInterval: every,
  });
}

export function subscriptionQuery(id: string) {
  return queryOptions({
    queryKey: ['subscriptions', id],
    queryFn: async () =>
      (await dataOf(api.GET('/api/workflow/subscriptions/{id}', { params: { path: { id } } }))).subscription,
    refetchInterval: every,
  });
}

export function attemptsQuery(id: string, query: AttemptsSearch) {
  return queryOptions({
    queryKey: ['subscriptions', id, 'attempts', query],
    queryFn: () => dataOf(api.GET('/api/workflow/subscriptions/{id}/attempts', { params: { path: { id }, query } })),
    refetchInterval: pollEvery(2000),
  });
}

export function pendingQuery(id: string) {
  return queryOptions({
    queryKey: ['subscriptions', id, 'pending'],
    queryFn: () => dataOf(api.GET('/api/workflow/subscriptions/{id}/pending', { params: { path: { id } } })),
    refetchInterval: pollEvery(2000),
  });
}

export function applicationsQuery(query: PageSearch) {
  return queryOptions({
    queryKey: ['applications', 'list', query],
    queryFn: () => dataOf(api.GET('/api/workflow/hooks', { params: { query } })),
    refetchInterval: every,
  });
}

export function applicationQuery(id: string) {
  return queryOptions({
    queryKey: ['applications', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/hooks/{id}', { params: { path: { id } } }))).application,
    refetchInterval: every,
  });
}

export function webhooksQuery(query: PageSearch) {
  return queryOptions({
    queryKey: ['webhooks', 'list', query],
    queryFn: () => dataOf(api.GET('/api/workflow/webhooks', { params: { query } })),
    refetchInterval: every,
  });
}

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: ['webhooks', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/webhooks/{id}', { params: { path: { id } } }))).webhook,
    refetchInterval: every,
  });
}

export function apiKeysQuery(query: PageSearch) {
  return queryOptions({
    queryKey: ['api-keys', query],
    queryFn: () => dataOf(api.GET('/api/workflow/api-keys', { params: { query } })),
    refetchInterval: every,
  });
}
