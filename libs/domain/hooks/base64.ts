/** @returns the bytes, or null where the text is not exactly what they are written as (RFC 4648, section 4, padded) */
export function decodeBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  // The decoder skips what it does not know, and takes the alphabet of addresses, too.
  return bytes.toString('base64') === text ? bytes : null;
}

/** Characters that so many bytes are written with. */
export function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}
