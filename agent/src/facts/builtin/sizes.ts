const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** A number of bytes as Facter writes it: `23.54 GiB`. */
export function humanBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${bytes} bytes` : `${value.toFixed(2)} ${units[unit] ?? ''}`;
}

/** A share as Facter writes it: `1.82%`, `100%`. */
function percentage(part: number, whole: number): string {
  if (whole <= 0) return '0%';
  return part === whole ? '100%' : `${((part / whole) * 100).toFixed(2)}%`;
}

/** The four facts of something of which part is in use. */
export const usage = (usedBytes: number, availableBytes: number) => ({
  available: humanBytes(availableBytes),
  available_bytes: availableBytes,
  capacity: percentage(usedBytes, usedBytes + availableBytes),
  used: humanBytes(usedBytes),
  used_bytes: usedBytes,
});
