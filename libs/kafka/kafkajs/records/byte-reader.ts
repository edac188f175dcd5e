/** Reads the numbers and texts of Kafka's record format from bytes. Whatever lies beyond their end is an issue. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('the records end early');
    this.#at += 1;
    return byte;
  }

  take(length: number): Buffer {
    if (length < 0 || length > this.left) throw new RangeError('a length in the records is wrong');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Zigzag, seven bits a byte, the lowest first; 32 bits at most. */
  varint(): number {
    let raw = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
    }
    throw new RangeError('a number in the records is too long');
  }

  /** The same with up to 64 bits. */
  varlong(): bigint {
    // Most are the time since the first record of a batch: short.
    if (this.left > 0 && this.#bytes[this.#at]! < 0x80) return BigInt(this.varint());
    let raw = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      raw |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
    }
    throw new RangeError('a number in the records is too long');
  }

  /** Bytes behind their length; null for a length of -1. */
  bytes(): Buffer | null {
    const length = this.varint();
    return length === -1 ? null : this.take(length);
  }
}
