import { expect, it } from 'vitest';
import { textOfHtml } from './text-of-html.ts';

it('keeps what a reader sees', () => {
  const html = `<html><head><title>T</title><style>p { color: red }</style></head><body><!-- no -->
    <h1>Ol&aacute;&nbsp;Maria &amp; co</h1><p>&euro; 5 &mdash; S&atilde;o&nbsp;Paulo</p><p>First   line<br>second &lt;b&gt; &#8364;&#x20AC;</p>
    <ul><li>one</li><li>two</li></ul><p>See <a class="x" href="https://a.example/?b=c">our page</a>
    or <a href='https://b.example'>https://b.example</a></p><script>alert(1)</script></body></html>`;
  expect(textOfHtml(html)).toBe(
    [
      'Olá Maria & co',
      '',
      '€ 5 — São Paulo',
      '',
      'First line',
      'second <b> €€',
      '',
      '- one',
      '- two',
      '',
      'See our page (https://a.example/?b=c) or https://b.example',
    ].join('\n'),
  );
});
