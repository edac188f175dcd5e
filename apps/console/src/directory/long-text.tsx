import { Code } from '@mantine/core';

/** A text of others with its lines; a long one scrolls, also by the keyboard. */
export function LongText({ text }: { text: string }) {
  return (
    <Code block className="untrusted" tabIndex={0} mah="24rem" style={{ overflowY: 'auto' }}>
      {text}
    </Code>
  );
}
