import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './document.ts';
import { html, prose } from './html.ts';
import { asyncApiPage } from './page.ts';

describe('HTML from templates', () => {
  it('escapes whatever is put in, in texts and in attributes', () => {
    const text = `<script>"it's" & more</script>`;
    const escaped = '&lt;script&gt;&quot;it&#39;s&quot; &amp; more&lt;/script&gt;';
    expect(html`<p title="${text}">${[text, html`<b>${text}</b>`]}</p>`.text).toBe(
      `<p title="${escaped}">${escaped}<b>${escaped}</b></p>`,
    );
  });

  it('marks code in prose, which is escaped, too', () => {
    expect(prose('say `a<b` & go').text).toBe('say <code>a&lt;b</code> &amp; go');
  });
});

it('the page of the topics shows no markup that its document brings along', () => {
  const evil = '<img src=x onerror=alert(1)>';
  const document = JSON.parse(
    JSON.stringify(asyncApiDocument(), (name, value: unknown) =>
      typeof value === 'string' && name !== '$ref' ? `${value}${evil}` : value,
    ),
  ) as ReturnType<typeof asyncApiDocument>;
  const page = asyncApiPage(document, { document: evil, api: evil });
  expect(page).toContain('&lt;img');
  expect(page).not.toContain('<img');
});
