import { describe, expect, it } from 'vitest';
import { maxViews, readViews, withView, type RunView } from './run-views.ts';

describe('saved views', () => {
  it('come back as they were', () => {
    const views: RunView[] = [{ name: 'Failed', filters: { status: 'failed', rule_id: 'vip' } }];
    expect(readViews(JSON.stringify(views))).toEqual(views);
  });

  it.each([undefined, '', 'nonsense', '{}', '[1, null, {"name":""}, {"name":"a"}]'])('are none in %s', (text) => {
    expect(readViews(text)).toEqual([]);
  });

  it('hold no filter that there is none of, and no page', () => {
    const kept = [{ name: 'Old', filters: { status: 'gone', cursor: 'abc', brand: 'oak', color: 'red' } }];
    expect(readViews(JSON.stringify(kept))).toEqual([{ name: 'Old', filters: { brand: 'oak' } }]);
  });

  it('are replaced by one of the same name, and as many as may be', () => {
    const all = Array.from({ length: maxViews }, (_, n): RunView => ({ name: `view ${n}`, filters: {} }));
    const changed = withView(all, { name: 'view 3', filters: { status: 'held' } });
    expect(changed).toHaveLength(maxViews);
    expect(changed.at(-1)).toEqual({ name: 'view 3', filters: { status: 'held' } });
    expect(withView(all, { name: 'new', filters: {} }).map(({ name }) => name)).not.toContain('view 0');
  });
});
