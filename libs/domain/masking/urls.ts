/** Secrets inside URLs: user-info, path parts that are the whole credential of a webhook, and `?code=`. */
import { endWithoutPunctuation, maskSecret } from './secret.ts';

/** Everything behind one of these is the secret. */
const secretPaths =
  /(hooks\.slack(?:-gov)?\.com\/[\w-]+\/|(?:webhook|outlook)\.office(?:365)?\.com\/webhook[\w-]*\/|\/webhookb2\/|\/(?:web)?hooks?(?:-test)?\/|hook\.(?:[\w-]{1,20}\.)?(?:make|integromat)\.com\/|webhook\.site\/)([^?#&]+)/gi;
/** The one part behind these is. */
const secretParts =
  /(api\.telegram\.org\/(?:file\/)?bot|\/bot(?=\d{5,}:)|\/with\/key\/|events\.pagerduty\.com\/integration\/|\/rest\/\d{1,10}\/)([^/?#&]+)/gi;
/** An OAuth or function key; elsewhere `code` is a status or a reason. */
const secretQuery = /([?&#](?:amp;)?code=)([^&#;,]+)/gi;
const userInfo = /:\/\/[^/?#\\]*@/g;
/** JSON may write a slash as `\/`, and JSON within JSON as `\\\/`. */
const escapedSlash = /(?<!\\)\\{1,64}\//;
const escapedSlashes = new RegExp(escapedSlash, 'g');
/** `scheme://user:pa/ss@host`: a password that should have been escaped makes the rest of it look like a path. */
const brokenUserInfo = /^[^:/?#[\]]+:(?!\d{0,5}(?:[/?#]|$))/;

export function maskUrls(text: string): string {
  if (!text.includes('/') && !text.includes('?')) return text;
  return text.replace(/[^\s"'`<>]+/g, maskRun);
}

function maskRun(run: string): string {
  if (!run.includes('/') && !run.includes('?')) return run;
  const slash = escapedSlash.exec(run)?.[0] ?? '/';
  const url = slash === '/' ? run : run.replace(escapedSlashes, '/');
  const masked = maskUserInfo(url)
    .replace(secretPaths, maskParts)
    .replace(secretParts, maskParts)
    .replace(secretQuery, maskParts);
  if (masked === url) return run;
  return slash === '/' ? masked : masked.replaceAll('/', slash);
}

function maskUserInfo(url: string): string {
  const masked = url.replace(userInfo, '://***@');
  const start = masked.indexOf('://') + 3;
  if (start === 2 || masked.startsWith('***@', start)) return masked;
  const at = masked.lastIndexOf('@');
  return at > start && brokenUserInfo.test(masked.slice(start))
    ? `${masked.slice(0, start)}***${masked.slice(at)}`
    : masked;
}

function maskParts(_match: string, prefix: string, secret: string): string {
  const end = endWithoutPunctuation(secret);
  return prefix + secret.slice(0, end).split('/').map(maskSecret).join('/') + secret.slice(end);
}
