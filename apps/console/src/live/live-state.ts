/** Whether lifecycle events reach this tab as they happen: then what they change is hardly ever asked for by the clock. */
let live = false;

export function isLive(): boolean {
  return live;
}

export function setLive(next: boolean): void {
  live = next;
}
