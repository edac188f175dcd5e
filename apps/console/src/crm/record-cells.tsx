/** Cells that the tables of tasks, notes, notifications and assignments have in common. */
import { Link } from '@tanstack/react-router';
import { Untrusted } from '../shared/untrusted.tsx';

interface OfRun {
  run_id: string;
  rule_name: string;
}

export function RuleAndRun({ run_id, rule_name }: OfRun) {
  return (
    <>
      <Untrusted text={rule_name} isClipped />
      <Link to="/runs/$runId" params={{ runId: run_id }}>
        <Untrusted text={run_id} isClipped />
      </Link>
    </>
  );
}

/** @param brand of the run: a customer of the same id may be another brand's */
export function CustomerLink({ id, brand }: { id: string | null; brand: string | null }) {
  if (id === null || id === '') return <>–</>;
  return (
    <Link to="/customers/$customerId" params={{ customerId: id }} search={brand === null ? {} : { brand }}>
      <Untrusted text={id} isClipped />
    </Link>
  );
}

export function ManagerLink({ id }: { id: number }) {
  return (
    <Link to="/managers/$managerId" params={{ managerId: String(id) }}>
      {id}
    </Link>
  );
}
