import { Badge } from '@mantine/core';

export function StatusBadge({ text }: { text: string }) {
  return <Badge variant="default">{text}</Badge>;
}
