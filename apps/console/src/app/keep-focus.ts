/**
 * The focus of the keyboard, which browsers drop when the element that has it goes away or is disabled: it moves to the
 * part of the page around it, and from a dialog that is closed back to what opened the dialog.
 */

/** Parts of a page that the focus can stand on: Tab leads from there to the first control within. */
const parts = 'section, form, fieldset, nav, main, [role="group"], [role="search"], [role="dialog"]';

/** What has had the focus last, and what was around it then. */
interface Place {
  element: HTMLElement;
  /** The innermost first. */
  around: HTMLElement[];
  dialog: Element | null;
  /** What had the focus before the dialog opened. */
  opener: Place | null;
}

/** @param page is watched from now on, for as long as it is shown */
export function keepFocus(page: Document): void {
  let place: Place | null = null;
  /** A control that was disabled while it had the focus, and the part that has the focus meanwhile. */
  let disabled: { control: HTMLElement; part: HTMLElement } | null = null;

  const isLost = (): boolean => page.activeElement === null || page.activeElement === page.body;
  const check = (): void => {
    if (place === null) return;
    const { element } = place;
    if (disabled !== null) giveBack(disabled);
    else if (element.matches(':disabled') && (isLost() || page.activeElement === element)) {
      const part = nearest(place, page);
      disabled = part === null ? null : { control: element, part };
      focusOn(part);
    } else if (!element.isConnected && isLost()) focusOn(nearest(place, page));
  };
  const giveBack = ({ control, part }: NonNullable<typeof disabled>): void => {
    if (control.isConnected && control.matches(':disabled') && page.activeElement === part) return;
    disabled = null;
    if (control.isConnected && page.activeElement === part) focusOn(control);
    else check();
  };

  page.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) place = toPlace(target, place);
  });
  // A click beside all controls takes the focus away on purpose.
  page.addEventListener('mouseup', () => {
    if (isLost()) place = null;
  });
  const observer = new MutationObserver(check);
  observer.observe(page.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
}

function toPlace(element: HTMLElement, before: Place | null): Place {
  const around: HTMLElement[] = [];
  for (let one = element.parentElement; one !== null; one = one.parentElement) around.push(one);
  const dialog = element.closest('[role="dialog"]');
  return { element, around, dialog, opener: dialog === null ? null : openerOf(dialog, before) };
}

/** Of a dialog that has had the focus already, what opened it; else what has had the focus until now. */
function openerOf(dialog: Element, before: Place | null): Place | null {
  for (let one = before; one !== null; one = one.opener) if (one.dialog === dialog) return one.opener;
  return before;
}

function nearest({ around, opener }: Place, page: Document): HTMLElement | null {
  const part = around.find((one) => one.isConnected && one.matches(parts));
  if (part !== undefined && !part.matches('main')) return part;
  if (part === undefined && opener !== null) {
    const { element } = opener;
    return element.isConnected && !element.matches(':disabled') ? element : nearest(opener, page);
  }
  return page.querySelector<HTMLElement>('main h1') ?? page.querySelector('main');
}

function focusOn(element: HTMLElement | null): void {
  if (element === null) return;
  const isControl = element.matches('a[href], button, input, select, textarea, summary');
  if (!isControl && !element.hasAttribute('tabindex')) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
