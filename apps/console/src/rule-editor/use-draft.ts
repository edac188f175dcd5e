/** Keeps what is typed in the session storage, a moment after it was typed and before the page goes. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { forgetDraft, keepDraft, type RuleDraft } from './model/rule-draft.ts';

/** Milliseconds without a letter, after which the draft is kept: writing a large one takes some. */
const pause = 200;

export function useDraft(
  person: string,
  ruleId: string,
  isChanged: boolean,
  { rule, base, version, text }: RuleDraft,
): { hasRoom: boolean; forget: () => void } {
  const [hasRoom, setRoom] = useState(true);
  const isOver = useRef(false);
  useEffect(() => {
    let isKept = false;
    const keep = (): void => {
      if (isKept || isOver.current) return;
      isKept = true;
      if (isChanged) setRoom(keepDraft(sessionStorage, person, ruleId, { rule, base, version, text }));
      else forgetDraft(sessionStorage, person, ruleId);
    };
    const timer = setTimeout(keep, pause);
    window.addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
      keepNow.current = keep;
    };
  }, [person, ruleId, isChanged, rule, base, version, text]);
  // Another person, or another page: what was typed a moment ago is kept, too.
  const keepNow = useRef<(() => void) | null>(null);
  useEffect(() => () => keepNow.current?.(), []);
  const forget = useCallback((): void => {
    isOver.current = true;
    forgetDraft(sessionStorage, person, ruleId);
  }, [person, ruleId]);
  return { hasRoom, forget };
}
