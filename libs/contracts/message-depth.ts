/** Refuses JSON that is nested too deeply, before anything that recurses can meet it. */

const quote = 0x22;
const backslash = 0x5c;
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;

/** @returns whether objects and arrays lie more than `limit` inside one another. Reads the text once, without recursion. */
export function isDeeperThan(json: string, limit: number): boolean {
  // Nearly every message has fewer brackets than the limit allows levels.
  if (countUpTo(json, '{', limit) + countUpTo(json, '[', limit) <= limit) return false;
  let depth = 0;
  let inText = false;
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (inText) {
      if (code === backslash) index += 1;
      else if (code === quote) inText = false;
    } else if (code === quote) inText = true;
    else if (isOpening(code)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (isClosing(code)) depth -= 1;
  }
  return false;
}

function countUpTo(text: string, character: string, limit: number): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= limit; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
