import type { AuditDetails } from './record.ts';

/** The longest value that is written down, as JSON, in bytes. */
const longestBytes = 64 * 1024;

/** A value under its name, or how long it is where that is too long: `inputsLeftOut`, in bytes. */
export function boundedDetail(name: 'inputs' | 'target', value: object): AuditDetails {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return bytes > longestBytes ? { [`${name}LeftOut`]: bytes } : { [name]: value };
}
