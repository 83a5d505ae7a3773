import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** A file in an archive; its path is relative to the root, with slashes. */
export interface ArchiveFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable: boolean;
}

/** All folders above the files, outer ones first. */
function foldersOf(files: readonly ArchiveFile[]): readonly string[] {
  const folders = files.flatMap(({ path }) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...new Set(folders)].sort();
}

/** A gzipped tar archive in which all belongs to root and has the same time: the same files give the same bytes. */
export async function tarGz(files: readonly ArchiveFile[], time: Date): Promise<Buffer> {
  const archive = pack();
  const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: time };
  for (const folder of foldersOf(files))
    archive.entry({ ...owner, name: `./${folder}/`, type: 'directory', mode: 0o755 });
  for (const { path, content, executable } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    archive.entry({ ...owner, name: `./${path}`, mode: executable ? 0o755 : 0o644 }, Buffer.from(content));
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk); // a tar stream gives buffers
  return gzipSync(Buffer.concat(chunks), { level: 9 });
}

/** A member of an `ar` archive: a header of 60 bytes, the content, and a byte to make its length even. */
function arMember(name: string, content: Buffer, time: Date): Buffer {
  const seconds = Math.floor(time.getTime() / 1000);
  const fields: readonly (readonly [string | number, number])[] = [
    [name, 16],
    [seconds, 12],
    [0, 6],
    [0, 6],
    ['100644', 8],
    [content.length, 10],
  ];
  const header = `${fields.map(([value, width]) => String(value).padEnd(width)).join('')}\`\n`;
  return Buffer.concat([Buffer.from(header, 'latin1'), content, Buffer.from(content.length % 2 === 0 ? '' : '\n')]);
}

/** What a Debian package says of itself. */
export interface DebAbout {
  readonly name: string;
  readonly version: string;
  readonly maintainer: string;
  readonly description: string;
  readonly homepage: string;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function controlText(
  { name, version, maintainer, description, homepage }: DebAbout,
  files: readonly ArchiveFile[],
): string {
  const kilobytes = Math.ceil(files.reduce((sum, { content }) => sum + content.length, 0) / 1024);
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: all',
    `Maintainer: ${oneLine(maintainer) || 'unknown'}`,
    `Installed-Size: ${kilobytes}`,
    'Section: admin',
    'Priority: optional',
    ...(/^https?:\/\/\S+$/.test(homepage) ? [`Homepage: ${homepage}`] : []),
    `Description: ${oneLine(description) || name}`,
    '',
  ].join('\n');
}

/** A Debian package (deb(5)) that holds the files. The same files give the same bytes. */
export async function deb(about: DebAbout, files: readonly ArchiveFile[], time: Date): Promise<Buffer> {
  const sums = files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, content }) => `${createHash('md5').update(content).digest('hex')}  ${path}\n`);
  const control = [
    { path: 'control', content: Buffer.from(controlText(about, files)), executable: false },
    { path: 'md5sums', content: Buffer.from(sums.join('')), executable: false },
  ];
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    arMember('debian-binary', Buffer.from('2.0\n'), time),
    arMember('control.tar.gz', await tarGz(control, time), time),
    arMember('data.tar.gz', await tarGz(files, time), time),
  ]);
}
