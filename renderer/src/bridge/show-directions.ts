import type { Transport } from '@muster/protocol/bridge';

/** What turns the direction of the text around it: embeddings, overrides, isolates and their ends. */
const directions = /[\u202A-\u202E\u2066-\u2069]/gu;

const written = (text: string): string =>
  text.replaceAll(directions, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);

function shown(value: unknown): unknown {
  if (typeof value === 'string') return written(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [written(key), shown(inner)]));
}

/**
 * A transport whose answers have no character that turns text around: a node could have `gpj.exe` read as `exe.jpg` by one. Each is
 * written out as `\u202e`, wherever the window shows it.
 */
export function showDirections(transport: Transport): Transport {
  return async (name, payload) => {
    const result = await transport(name, payload);
    // Ok or a fault, what was walked has the shape that it had.
    return shown(result) as typeof result;
  };
}
