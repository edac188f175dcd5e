import { useEffect, useRef } from 'react';

/**
 * Ctrl+Z undoes, Ctrl+Y and Ctrl+Shift+Z do again, wherever the focus is: it may have been on what went away. Inputs
 * that are no part of the rule keep their own undo.
 */
export function useUndoKeys(isOn: boolean, undo: () => void, redo: () => void): void {
  const latest = useRef({ undo, redo });
  useEffect(() => {
    latest.current = { undo, redo };
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey, shiftKey } = event;
      if (!(ctrlKey || metaKey) || altKey || !(target instanceof HTMLElement)) return;
      const isInput = target.matches('input, textarea') && target.closest('[data-place]') === null;
      const isUndo = key.toLowerCase() === 'z' && !shiftKey;
      const isRedo = key.toLowerCase() === 'y' || (key.toLowerCase() === 'z' && shiftKey);
      if (isInput || (!isUndo && !isRedo)) return;
      event.preventDefault();
      if (isUndo) latest.current.undo();
      else latest.current.redo();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isOn]);
}
