/** How much of something is done, drawn by the browser. @param percent 0 to 100 */
export function ProgressBar({ label, percent }: { label: string; percent: number }) {
  return <progress className="progress-bar" aria-label={label} max={100} value={percent} />;
}
