/** Takes hosts and ports out of what a driver says, for those who ask over HTTP; the log has the whole text. */

/** In this order: what a name belongs to is told by what stands before it. */
const addresses: [pattern: RegExp, instead: string][] = [
  // connect ECONNREFUSED 10.0.0.1:27017, getaddrinfo ENOTFOUND mongodb
  [/\b(E[A-Z]{4,}|EAI_[A-Z]+)\s+[^\s,;)]+/g, '$1'],
  // connection 5 to mongodb:27017 closed
  [/\b(to|from) \[?(?!\d{4}-)[\w.:-]+\]?:\d{1,5}\b/g, '$1 its server'],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?\b/g, 'its server'],
  [/\[[0-9a-f:.]*:[0-9a-f:.]*\](:\d{1,5})?|(?<![\w:])[0-9a-f]{0,4}(:[0-9a-f]{0,4})*::[0-9a-f:]*/gi, 'its server'],
  [/\b[a-z][\w-]*(\.[\w-]+)+:\d{1,5}\b/gi, 'its server'],
];

export function withoutAddresses(text: string): string {
  return addresses.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}
