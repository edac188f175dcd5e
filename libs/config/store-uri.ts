/** What a connection string of the store may not say: what is acknowledged has to be kept, and read again. */

/** For each option, in lower case, the values that weaken nothing, and what they are for. */
const allowed: Record<string, { values: string[]; why: string }> = {
  w: { values: ['majority'], why: 'what fewer members have is lost when the primary fails' },
  journal: { values: ['true'], why: 'what is not in the journal is lost when the servers stop' },
  j: { values: ['true'], why: 'what is not in the journal is lost when the servers stop' },
  readpreference: { values: ['primary'], why: 'a secondary does not know yet what was written just now' },
  readconcernlevel: { values: ['majority'], why: 'what only one member has can still be taken back' },
};

/** @returns what is wrong with the options of the URI, null when nothing is */
export function findWeakening(uri: string): string | null {
  const query = uri.slice(uri.indexOf('?') + 1);
  if (query === uri) return null;
  for (const [name, value] of new URLSearchParams(query)) {
    const rule = allowed[name.toLowerCase()];
    if (rule !== undefined && !rule.values.includes(value.toLowerCase())) {
      return `expected ${name}=${rule.values.join(' or ')}, or none: ${rule.why}`;
    }
  }
  return null;
}
