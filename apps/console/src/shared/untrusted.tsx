interface Props {
  text: string;
  isClipped?: boolean;
  /** Told where the pointer rests: the whole of a clipped text, or what is given. */
  title?: string;
}

/** A text of others: shown as text, whatever its length, direction or markup. */
export function Untrusted({ text, isClipped = false, title = text }: Props) {
  return (
    <bdi className={isClipped ? 'untrusted clipped' : 'untrusted'} title={isClipped ? title.slice(0, 500) : undefined}>
      {text}
    </bdi>
  );
}
