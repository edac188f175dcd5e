/** Why the last way back from the provider has not signed in, and whether one is under way. */
import { useSyncExternalStore } from 'react';
import { toSignInFailure, type SignInFailure } from './sign-in-error.ts';

type Arrival = { isUnderWay: boolean; failure: SignInFailure | null };

const listeners = new Set<() => void>();
let arrival: Arrival = { isUnderWay: false, failure: null };

function change(next: Arrival): void {
  arrival = next;
  for (const tell of listeners) tell();
}

/** @param signingIn rejects with what is to be told */
export async function showArrival(signingIn: Promise<void>): Promise<void> {
  change({ isUnderWay: true, failure: null });
  try {
    await signingIn;
    change({ isUnderWay: false, failure: null });
  } catch (error) {
    change({ isUnderWay: false, failure: toSignInFailure(error) });
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useArrival(): Arrival {
  return useSyncExternalStore(subscribe, () => arrival);
}
