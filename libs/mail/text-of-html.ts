/** The text part of a mail that was written in HTML only. */

const hidden = /<(style|script|head|title)\b[^>]{0,2000}>[\s\S]*?<\/\1\s*>/gi;
const link = /<a\s[^>]{0,2000}?href\s*=\s*["']([^"'>]{1,2000})["'][^>]{0,2000}>([\s\S]*?)<\/a\s*>/gi;
const lineEnd = /<(?:br|\/tr|\/li|\/div)\b[^>]{0,2000}>/gi;
const paragraphEnd = /<\/(?:p|h[1-6]|ul|ol|table|blockquote)\s*>/gi;
const tag = /<[^<>]*>/g;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Linear for the templates it is made for; not meant for HTML of strangers. */
export function textOfHtml(html: string): string {
  const text = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(hidden, '')
    .replace(/\s+/g, ' ')
    .replace(link, (_all, href: string, label: string) => (label.trim() === href ? href : `${label} (${href})`))
    .replace(/<li\b[^>]{0,2000}>/gi, '- ')
    .replace(lineEnd, '\n')
    .replace(paragraphEnd, '\n\n')
    .replace(tag, '');
  return decode(text)
    .replace(/ +/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (all, decimal, hex, name: string) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? all;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : all;
  });
}
