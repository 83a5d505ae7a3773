/** One element of DER: its tag, its content, and all of it. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/** The elements that a content is made of. Throws when they do not fill it. */
export function elementsOf(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    const start = at + 2 + lengthBytes;
    const end = start + length;
    if (end > bytes.length) throw new Error('an element of DER is cut off');
    elements.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

/** An element of less than 64 KiB. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  if (bytes.length < 0x80) return Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([Buffer.from([tag, 0x82]), length, bytes]);
}

/** The content of an integer that is above 0, from its hexadecimal digits. */
export function integerContent(hex: string): Buffer {
  // A first bit of 1 would make it negative.
  const bytes = Buffer.from(`00${hex.length % 2 === 0 ? '' : '0'}${hex}`, 'hex');
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray((bytes[first] ?? 0) < 0x80 ? first : first - 1);
}

/** Tags of DER that are written and read here. */
export const tags = { integer: 0x02, utf8: 0x0c, bmp: 0x1e, sequence: 0x30, set: 0x31 } as const;
