import { useState } from 'react';
import type { Rule } from '../shared/client.ts';

interface ShownRule {
  /** What the page shows, and what is written on. */
  shown: Rule;
  /** What others have made of it meanwhile; null: nothing. */
  newer: Rule | null;
  show: (rule: Rule) => void;
}

/** Keeps what a person looks at until they want to see what others have made of it. @param latest as it was read last */
export function useShownRule(latest: Rule): ShownRule {
  const [shown, show] = useState(latest);
  return { shown, newer: latest.version > shown.version ? latest : null, show };
}
