import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

const newline = 0x0a;
/** How every gzip file begins. */
const gzipMark = Buffer.from([0x1f, 0x8b]);

async function isCompressed(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.equals(gzipMark);
  } finally {
    await file.close();
  }
}

function unzipped(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path);
  const plain = createGunzip();
  // Whatever ends one of the two ends the other, so that no file stays open.
  file.once('error', (error) => plain.destroy(error));
  plain.once('close', () => file.destroy());
  return file.pipe(plain);
}

/** The lines of a file, compressed by gzip or not, without their ends. Throws what reading and decompressing it throw, after the lines before. */
export async function* archiveLines(path: string): AsyncGenerator<Uint8Array> {
  const bytes: AsyncIterable<Buffer> = (await isCompressed(path)) ? unzipped(path) : createReadStream(path);
  let rest: Buffer[] = [];
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, end)]);
      rest = [];
      from = end + 1;
    }
    rest.push(chunk.subarray(from));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield last;
}
