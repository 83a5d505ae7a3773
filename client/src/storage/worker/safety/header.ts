import { closeSync, fstatSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';

/** All databases of Muster have pages of this size, in bytes. */
const pageBytes = 4096;
const headerBytes = 100;

/** The header that Muster's databases have; see https://www.sqlite.org/fileformat2.html#the_database_header. */
function headerFor(pages: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('SQLite format 3\0', 'latin1');
  header.writeUInt16BE(pageBytes, 16);
  // Written and read by way of a write-ahead log; no room reserved in pages; fractions of the payload, which never differ.
  header.set([2, 2, 0, 64, 32, 32], 18);
  const changeCounter = 1;
  header.writeUInt32BE(changeCounter, 24);
  header.writeUInt32BE(pages, 28);
  header.writeUInt32BE(1, 40); // schema cookie
  header.writeUInt32BE(4, 44); // schema format
  header.writeUInt32BE(1, 56); // UTF-8
  header.writeUInt32BE(changeCounter, 92);
  return header;
}

/** Makes an empty copy a database without tables, so that its write-ahead log is read: what the log has of a page comes before what the file has. */
export function beginCopy(copy: string): void {
  const page = Buffer.alloc(pageBytes);
  headerFor(1).copy(page);
  page[headerBytes] = 13;
  page.writeUInt16BE(pageBytes, headerBytes + 5); // where the rows begin, which is the end
  writeFileSync(copy, page);
}

/** Writes a new header over that of a damaged copy, and says whether the file could be a database then: whether it has whole pages. */
export function rewriteHeader(copy: string): boolean {
  const descriptor = openSync(copy, 'r+');
  try {
    const pages = Math.floor(fstatSync(descriptor).size / pageBytes);
    const pageKind = Buffer.alloc(1);
    readSync(descriptor, pageKind, 0, 1, headerBytes);
    // A page of tables: 5 leads to others, 13 has rows.
    if (pages === 0 || (pageKind[0] !== 5 && pageKind[0] !== 13)) return false;
    writeSync(descriptor, headerFor(pages), 0, headerBytes, 0);
    return true;
  } finally {
    closeSync(descriptor);
  }
}
