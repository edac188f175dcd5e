import { Alert } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Untrusted } from '../shared/untrusted.tsx';
import { ShownOnce, type Secret } from './shown-once.tsx';

/** What a page tells of the writes made on it, and the secret that one of them has brought. */
export interface Outcome {
  say: (said: string) => void;
  reveal: (secret: Secret) => void;
  /** Where it is shown. */
  view: ReactNode;
}

export function useOutcome(): Outcome {
  const [said, say] = useState('');
  const [secret, reveal] = useState<Secret | null>(null);
  const view = (
    <>
      <div role="status">{said !== '' && <Alert variant="default" title={<Untrusted text={said} />} />}</div>
      {secret !== null && <ShownOnce secret={secret} onClose={() => reveal(null)} />}
    </>
  );
  return { say, reveal, view };
}
