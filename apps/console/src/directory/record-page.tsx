import './texts.ts';
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLink, getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { isAdministrator, useSession } from '../session/session.ts';
import { recordQuery, type ShownRecord } from './directory.queries.ts';
import { toText } from './field-values.ts';
import { isKind, type Kind } from './kinds.ts';
import { RecordFacts } from './record-facts.tsx';
import { RecordForm } from './record-form.tsx';
import { TemplatePreview } from './template-preview.tsx';

const route = getRouteApi('/directory/$kind/$id');
const PageLink = createLink(Anchor<'a'>);

export function RecordPage() {
  const { t } = useTranslation('directory');
  const { kind, id } = route.useParams();
  if (isKind(kind)) return <OfKind key={`${kind}/${id}`} kind={kind} id={id} />;
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <Text>{t('unknownKind')}</Text>
    </Stack>
  );
}

function OfKind({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation('directory');
  const { data, error, refetch } = useQuery(recordQuery(kind, id));
  return (
    <Stack>
      <PageLink to="/directory/$kind" params={{ kind }} search={{}}>
        {t(`kinds.${kind}`)}
      </PageLink>
      <PageTitle text={data === undefined ? id : titleOf(data)} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <Shown kind={kind} shown={data} />}
    </Stack>
  );
}

function titleOf({ record }: ShownRecord): string {
  return toText(record['name'] ?? record['label'] ?? record['code'] ?? record['id'] ?? record['login']);
}

function Shown({ kind, shown }: { kind: Kind; shown: ShownRecord }) {
  const { t } = useTranslation('directory');
  const session = useSession();
  /** As it was when the form was opened: what comes meanwhile changes no form. */
  const [changed, setChanged] = useState<ShownRecord | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const told = useRef<HTMLDivElement>(null);
  const close = (saved: boolean): void => {
    setChanged(null);
    setIsSaved(saved);
    // The button that was pressed is gone.
    told.current?.focus();
  };
  return (
    <>
      <div role="status" ref={told} tabIndex={-1}>
        {isSaved && t('saved')}
      </div>
      <Links kind={kind} shown={shown} />
      {changed === null && (
        <>
          <RecordFacts kind={kind} record={shown.record} />
          {shown.writable && (
            <Group>
              <Button
                variant="default"
                onClick={() => {
                  setIsSaved(false);
                  setChanged(shown);
                }}
              >
                {t('change')}
              </Button>
            </Group>
          )}
          {!shown.writable && isAdministrator(session) && <Text>{t('notWritable')}</Text>}
          {kind === 'templates' && <TemplatePreview template={shown.record} />}
        </>
      )}
      {changed !== null && (
        <RecordForm kind={kind} stored={changed} onSaved={() => close(true)} onClose={() => close(false)} />
      )}
    </>
  );
}

function Links({ kind, shown: { id } }: { kind: Kind; shown: ShownRecord }) {
  const { t } = useTranslation('directory');
  if (kind === 'customers') {
    return (
      <PageLink to="/customers/$customerId" params={{ customerId: id }} search={{}}>
        {t('customerPage')}
      </PageLink>
    );
  }
  if (kind !== 'managers') return null;
  return (
    <PageLink to="/managers/$managerId" params={{ managerId: id }} search={{}}>
      {t('managerPage')}
    </PageLink>
  );
}
