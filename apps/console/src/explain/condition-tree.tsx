import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ruleWords, wordFor } from '../shared/rule/rule-words.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import type { ShownCondition } from './condition-node.ts';
import './texts.ts';

/** Conditions as nested lists; of an event also what each saw, and whether it held. */
export function ConditionTree({ roots, label }: { roots: readonly ShownCondition[]; label: string }) {
  const { t } = useTranslation('explain');
  if (roots.length === 0) return <Text>{t('noConditions')}</Text>;
  return (
    <div role="group" aria-label={label}>
      <Branch nodes={roots} />
    </div>
  );
}

function Branch({ nodes }: { nodes: readonly ShownCondition[] }) {
  return (
    <ul className="conditions">
      {nodes.map((node, index) => (
        // A tree that is shown never changes.
        <li key={index}>
          <Verdict holds={node.holds} />
          {node.kind === 'leaf' ? <Leaf node={node} /> : <Group node={node} />}
        </li>
      ))}
    </ul>
  );
}

function Verdict({ holds }: { holds: boolean | undefined }) {
  const { t } = useTranslation('explain');
  if (holds === undefined) return null;
  return <b>{holds ? `✓ ${t('holds')} ` : `✗ ${t('holdsNot')} `}</b>;
}

function Group({ node: { kind, children, isCut = false } }: { node: ShownCondition }) {
  const { t } = useTranslation('explain');
  return (
    <>
      {kind !== 'leaf' && (children.length === 0 && !isCut ? t(`empty.${kind}`) : t(`groups.${kind}`))}
      {children.length > 0 && <Branch nodes={children} />}
      {isCut && <Text size="sm">… {t('cut')}</Text>}
    </>
  );
}

function Leaf({ node }: { node: ShownCondition }) {
  const { t, i18n } = useTranslation('explain');
  const { fields, operators } = ruleWords(i18n.language);
  const { field = '', operator = '' } = node;
  return (
    <>
      <Untrusted text={wordFor(fields, field)} /> {wordFor(operators, operator)}{' '}
      {'wanted' in node && <Value value={node.wanted} />}
      {'seen' in node && (
        <Text size="sm" component="div">
          {t('seen')} {node.seen === null ? t('nothing') : <Value value={node.seen} />}
          {wordFor(fields, field) !== field && (
            <Text span size="sm" c="dimmed">
              {' '}
              (<Untrusted text={field} />)
            </Text>
          )}
        </Text>
      )}
    </>
  );
}

function Value({ value }: { value: unknown }) {
  return (
    <code>
      <Untrusted text={typeof value === 'string' ? value : JSON.stringify(value)} />
    </code>
  );
}
