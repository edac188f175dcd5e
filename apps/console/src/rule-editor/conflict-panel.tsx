import { Alert, Button, Fieldset, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Untrusted } from '../shared/untrusted.tsx';
import type { JsonObject } from './model/condition-tree.ts';
import { compareRules, mergeRules, type MemberChange, type Side } from './model/rule-merge.ts';
import { writeJson } from './model/write-json.ts';

export interface Theirs {
  version: number;
  by: string;
  rule: JsonObject;
}

interface Props {
  base: { rule: JsonObject | null; version: number };
  mine: JsonObject;
  theirs: Theirs;
  /** @param theirs on which it is saved */
  onMerged: (merged: JsonObject, theirs: Theirs) => void;
}

/** What another person has saved meanwhile, beside what was typed here. Nothing is taken over unasked. */
export function ConflictPanel({ base, mine, theirs, onMerged }: Props) {
  const { t } = useTranslation('editor');
  const changes = compareRules(base.rule ?? {}, mine, theirs.rule);
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const sideOf = ({ name, by }: MemberChange): Side => chosen[name] ?? (by === 'them' ? 'theirs' : 'mine');
  const merge = (): void =>
    onMerged(
      mergeRules(mine, theirs.rule, Object.fromEntries(changes.map((change) => [change.name, sideOf(change)]))),
      theirs,
    );
  return (
    <Alert role="region" aria-label={t('conflictTitle')} variant="default" title={`⚠ ${t('conflictTitle')}`}>
      <Stack align="flex-start">
        <Text>
          <Untrusted text={t('conflictText', { by: theirs.by, version: theirs.version, base: base.version })} />
        </Text>
        {changes.length === 0 && <Text>{t('sameNow')}</Text>}
        {changes.map((change) => (
          <Choice
            key={change.name}
            change={change}
            side={sideOf(change)}
            onChoose={(side) => setChosen({ ...chosen, [change.name]: side })}
          />
        ))}
        <Button onClick={merge}>{t('takeMerged')}</Button>
      </Stack>
    </Alert>
  );
}

function Choice({ change, side, onChoose }: { change: MemberChange; side: Side; onChoose: (side: Side) => void }) {
  const { t } = useTranslation('editor');
  const { name, by } = change;
  return (
    <Fieldset legend={<Untrusted text={`${name} – ${t(`changedBy.${by}`)}`} />} w="100%">
      <Stack gap="xs">
        <Version label={t('before')} value={change.base} />
        <Radio.Group
          aria-label={t('chooseSide', { part: name })}
          value={side}
          onChange={(value) => onChoose(value === 'mine' ? 'mine' : 'theirs')}
        >
          <Group align="flex-start">
            {(['mine', 'theirs'] as const).map((one) => (
              <Stack key={one} gap={4} style={{ flex: '1 1 16rem', minWidth: 0 }}>
                <Radio value={one} label={t(one)} />
                <Version value={change[one]} />
              </Stack>
            ))}
          </Group>
        </Radio.Group>
      </Stack>
    </Fieldset>
  );
}

/** Characters of a part that are shown. */
const mostCharacters = 4000;

function Version({ label, value }: { label?: string; value: unknown }) {
  const { t } = useTranslation('editor');
  const text = value === undefined ? t('nothing') : readable(value);
  return (
    <Text component="div" size="sm">
      {label !== undefined && `${label}: `}
      <Untrusted text={text.length > mostCharacters ? `${text.slice(0, mostCharacters)} …` : text} />
    </Text>
  );
}

function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = writeJson(value);
  // Only what is small is written over several lines: that recurses.
  return text.length > mostCharacters ? text : JSON.stringify(value, null, 1);
}
