import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../shared/copy-button.tsx';

export interface Secret {
  title: string;
  parts: { name: 'secret' | 'token' | 'url' | 'key'; value: string }[];
}

/** What the API tells once. It is held by the page alone, and closed by its button alone; leaving the page is asked about. */
export function ShownOnce({ secret: { title, parts }, onClose }: { secret: Secret; onClose: () => void }) {
  const { t } = useTranslation('connections');
  useBlocker({ shouldBlockFn: () => !window.confirm(t('secret.leave')), enableBeforeUnload: true });
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Stack>
        <Alert variant="default" title={t('secret.once')} />
        {parts.map(({ name, value }) => (
          <Stack key={name} gap={4}>
            <Group justify="space-between">
              <Text fw={600}>{t(`secret.${name}`)}</Text>
              <CopyButton value={value} what={t(`secret.${name}`)} />
            </Group>
            <Code block data-secret={name} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {value}
            </Code>
          </Stack>
        ))}
        <Button onClick={onClose} w="fit-content">
          {t('secret.close')}
        </Button>
      </Stack>
    </Modal>
  );
}
