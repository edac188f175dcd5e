/** The text part of a mail that was written in HTML only. */
import { compile } from 'html-to-text';

/** Characters and nested elements that are read: HTML of a rule is at most 262,144 characters long. */
const limits = { maxInputLength: 524_288, limits: { maxDepth: 200, ellipsis: '…' } };

const convert = compile({
  ...limits,
  wordwrap: false,
  selectors: [
    { selector: 'a', options: { linkBrackets: ['(', ')'], hideLinkHrefIfSameAsText: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 2 },
    })),
    { selector: 'ul', options: { itemPrefix: '- ' } },
    ...['img', 'title', 'head', 'style', 'script'].map((selector) => ({ selector, format: 'skip' })),
  ],
});

export function textOfHtml(html: string): string {
  return convert(html).replaceAll('\u00A0', ' ').trim();
}
