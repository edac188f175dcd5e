import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { newIdempotencyKey } from './client.ts';

interface Options<Given, Taken> {
  onTaken?: (taken: Taken, given: Given) => void;
  /** What is read anew afterwards, also after a failure: it may have changed meanwhile. */
  changes?: QueryKey[];
}

/**
 * Sends a write. The same content has the same Idempotency-Key until it was taken, however often it is sent, and only
 * one write is under way: a double click sends one.
 *
 * @param send what is given is told apart by its JSON
 */
export function useWrite<Given, Taken>(
  send: (given: Given, idempotencyKey: string) => Promise<Taken>,
  { onTaken, changes = [] }: Options<Given, Taken> = {},
) {
  const queries = useQueryClient();
  const keys = useRef(new Map<string, string>());
  const isUnderWay = useRef(false);
  const mutation = useMutation({
    mutationFn: (given: Given) => {
      const content = JSON.stringify(given) ?? '';
      const key = keys.current.get(content) ?? newIdempotencyKey();
      keys.current.set(content, key);
      return send(given, key);
    },
    onSuccess: (taken, given) => {
      keys.current.delete(JSON.stringify(given) ?? '');
      onTaken?.(taken, given);
    },
    onSettled: async () => {
      isUnderWay.current = false;
      await Promise.all(changes.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
  const write = (given: Given): void => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    mutation.mutate(given);
  };
  return { ...mutation, write };
}
