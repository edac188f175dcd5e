import { Title } from '@mantine/core';
import { useEffect } from 'react';
import { Untrusted } from './untrusted.tsx';

/** The heading of a page, which names the tab, too. */
export function PageTitle({ text }: { text: string }) {
  useEffect(() => {
    document.title = `${text.slice(0, 100)} – signalbox`;
  }, [text]);
  return (
    <Title order={1} size="h2">
      <Untrusted text={text} />
    </Title>
  );
}
