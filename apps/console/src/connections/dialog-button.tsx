import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';

interface Props {
  name: string;
  /** Where several buttons of a page have the same name. */
  label?: string;
  /** The dialog that it opens. */
  children: (close: () => void) => ReactNode;
}

export function DialogButton({ name, label, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setIsOpen(true)} aria-label={label}>
        {name}
      </Button>
      {isOpen && children(() => setIsOpen(false))}
    </>
  );
}
