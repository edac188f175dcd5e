/** Thrown by a handler of chunks: the partition has to be read on from another offset. */
export class SeekPartition extends Error {
  readonly offset: bigint;

  constructor(offset: bigint, why: string) {
    super(why);
    this.name = 'SeekPartition';
    this.offset = offset;
  }
}
