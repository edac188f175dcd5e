/** Publishing headers whose value is null: Kafka takes them, kafkajs cannot measure them. */

/** @param send publishes by kafkajs; measures null as nothing meanwhile */
export async function withNullHeaders<T>(send: () => Promise<T>): Promise<T> {
  const byteLength = Buffer.byteLength.bind(Buffer);
  Buffer.byteLength = (value: Parameters<typeof byteLength>[0] | null, encoding?: BufferEncoding): number =>
    value === null ? 0 : byteLength(value, encoding);
  try {
    return await send();
  } finally {
    Buffer.byteLength = byteLength;
  }
}
