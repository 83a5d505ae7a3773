/** How many locks these bytes open, one after the other. */
export function openLocks(bytes: Uint8Array): number {
  if (bytes[0] !== 0x4b) return 0;
  if (bytes[1] !== 0xe9) return 1;
  return bytes[2] === 0x79 ? 3 : 2;
}
