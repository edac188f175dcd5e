import type { QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { useWrite } from '../shared/use-write.ts';

interface Props<Given, Taken> {
  title: string;
  text: string;
  /** What the button says that does it; left out: the title. */
  confirm?: string;
  given: Given;
  /** Secrets of the answer go elsewhere: what is returned is kept for a while. */
  send: (given: Given, idempotencyKey: string) => Promise<Taken>;
  changes: QueryKey[];
  onTaken?: (taken: Taken) => void;
  onClose: () => void;
  /** Fields. */
  children?: ReactNode;
}

/** Asks, sends a write, and closes once it was taken. */
export function WriteDialog<Given, Taken>({
  title,
  text,
  confirm = title,
  given,
  send,
  changes,
  onTaken,
  onClose,
  children,
}: Props<Given, Taken>) {
  const { write, isPending, error } = useWrite(send, {
    changes,
    onTaken: (taken) => {
      onClose();
      onTaken?.(taken);
    },
  });
  return (
    <AskDialog
      title={title}
      text={text}
      confirm={confirm}
      isPending={isPending}
      error={error}
      onConfirm={() => write(given)}
      onClose={onClose}
    >
      {children}
    </AskDialog>
  );
}
