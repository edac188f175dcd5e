/** Records that rules name: a brand's own comes before one of all brands, and who names none is told what there is. */

/** Names shown to the author of a rule that has to be mended. */
const listed = 20;

/** The brands to look under, in this order; null = all brands. */
export function listBrands(brand: string | null): (string | null)[] {
  return brand === null ? [null] : [brand, null];
}

export function listNames(records: { name: string; brand?: string }[], brand: string | null): string[] {
  const own = records.filter((record) => record.brand === undefined || record.brand === brand);
  return [...new Set(own.map(({ name }) => name))].sort();
}

export function forBrand(brand: string | null): string {
  return brand === null ? ' for every brand' : ` for brand "${brand}"`;
}

export function known(names: string[]): string {
  return names.length === 0 ? 'there are none' : `there are: ${names.slice(0, listed).join(', ')}`;
}
