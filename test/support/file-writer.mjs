// Writes files into a folder of files as fast as it can, in a process of its own, which a test may kill. It says the key
// of each file that is stored, as a line. Each file holds one byte value over and over.
// Arguments: the folder of the compiled stores, the folder to write to, and the length of a file.
import { randomUUID } from 'node:crypto';

const [compiled, folder, length] = process.argv.slice(2);
const { createFolderStore } = await import(`${compiled}folder.store.js`);
const store = createFolderStore(folder);

async function write(byte) {
  for (;;) {
    const key = `${byte}/${randomUUID()}`;
    await store.put(key, Buffer.alloc(Number(length), byte), 'text/plain');
    process.stdout.write(`${key}\n`);
  }
}

await Promise.all([1, 2, 3, 4].map(write));
