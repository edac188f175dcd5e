import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

/** @param what is copied, such as "run id". Browsers have no clipboard for pages that come without TLS from elsewhere. */
export function CopyButton({ value, what }: { value: string; what: string }) {
  const { t } = useTranslation();
  const { copy, copied } = useClipboard();
  if (!window.isSecureContext) return null;
  return (
    <Button size="compact-xs" variant="default" onClick={() => copy(value)} aria-label={t('shared.copy', { what })}>
      {copied ? t('shared.copied') : t('shared.copyThis')}
    </Button>
  );
}
