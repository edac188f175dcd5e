import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';

/** Asks before a page with something unsaved is left for another one of the console. */
export function LeaveDialog({ isChanged, onLeave }: { isChanged: () => boolean; onLeave: () => void }) {
  const { t } = useTranslation('editor');
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: isChanged,
    enableBeforeUnload: false,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <AskDialog
      title={t('leaveTitle')}
      text={t('leaveText')}
      confirm={t('leave')}
      isPending={false}
      error={null}
      onConfirm={() => {
        onLeave();
        proceed();
      }}
      onClose={reset}
    />
  );
}
