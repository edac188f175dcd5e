import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components, operations } from '../shared/api-types.ts';
import { api, dataOf, pollEvery } from '../shared/client.ts';

export type Task = components['schemas']['Task'];
export type Note = components['schemas']['Note'];
export type Notification = components['schemas']['Notification'];
export type Assignment = components['schemas']['Assignment'];

type QueryOf<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>;

const limit = '50';
const lists = { refetchInterval: pollEvery(4000), placeholderData: keepPreviousData };

export function tasksQuery(asked: QueryOf<'MngGetWorkflowTasks'>) {
  const query = { ...asked, limit };
  return queryOptions({
    queryKey: ['tasks', query],
    queryFn: () => dataOf(api.GET('/api/workflow/tasks', { params: { query } })),
    ...lists,
  });
}

export function notificationsQuery(asked: QueryOf<'MngGetWorkflowNotifications'>) {
  const query = { ...asked, limit };
  return queryOptions({
    queryKey: ['notifications', query],
    queryFn: () => dataOf(api.GET('/api/workflow/notifications', { params: { query } })),
    ...lists,
  });
}

export function notesQuery(asked: QueryOf<'MngGetWorkflowNotes'>) {
  const query = { ...asked, limit };
  return queryOptions({
    queryKey: ['notes', query],
    queryFn: () => dataOf(api.GET('/api/workflow/notes', { params: { query } })),
    ...lists,
  });
}

export function assignmentsQuery(asked: QueryOf<'MngGetWorkflowAssignments'>) {
  const query = { ...asked, limit };
  return queryOptions({
    queryKey: ['assignments', query],
    queryFn: () => dataOf(api.GET('/api/workflow/assignments', { params: { query } })),
    ...lists,
  });
}

export async function closeTask(id: string): Promise<Task> {
  return (await dataOf(api.POST('/api/workflow/tasks/{id}/done', { params: { path: { id } } }))).task;
}

export async function readNotification(id: string): Promise<Notification> {
  const path = '/api/workflow/notifications/{id}/read';
  return (await dataOf(api.POST(path, { params: { path: { id } } }))).notification;
}
