/** A text of others: shown as text, whatever its length, direction or markup. */
export function Untrusted({ text, isClipped = false }: { text: string; isClipped?: boolean }) {
  return (
    <bdi className={isClipped ? 'untrusted clipped' : 'untrusted'} title={isClipped ? text.slice(0, 500) : undefined}>
      {text}
    </bdi>
  );
}
