/** The input without whatever can go while `holds` stays true. `budget` is how many shorter ones may be tried; long ones count more. */
export async function trim(
  input: Uint8Array,
  holds: (shorter: Uint8Array) => Promise<boolean>,
  budget: number,
): Promise<Uint8Array> {
  let bytes = input;
  let left = budget;
  for (let size = Math.ceil(bytes.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < bytes.length && left > 0;) {
      const shorter = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      left -= 1 + shorter.length / 1024;
      if (await holds(shorter)) bytes = shorter;
      else at += size;
    }
  }
  return bytes;
}
