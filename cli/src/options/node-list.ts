import { fail, ok, type Result } from '@muster/protocol/errors';
import { checkIdentity } from '@muster/protocol/identity';

const mend = 'Give one node a line, or the JSON of `muster rpc --json` or `muster find --json`.';

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

function identityOf(element: unknown): unknown {
  if (typeof element === 'string') return element;
  return property(element, 'sender') ?? property(element, 'certname');
}

function unique(identities: readonly string[], source: string): Result<readonly string[]> {
  if (identities.length > 0) return ok([...new Set(identities)]);
  return fail('list.malformed', `${source} names no nodes`, { mend });
}

function fromJson(text: string, source: string): Result<readonly string[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return fail('list.malformed', `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      mend,
    });
  }
  const elements = Array.isArray(parsed) ? (parsed as unknown[]) : property(parsed, 'replies'); // isArray widens to any[]
  if (!Array.isArray(elements)) {
    const earlier = property(property(parsed, 'error'), 'message');
    if (typeof earlier === 'string')
      return fail('list.malformed', `${source} holds no nodes, since the earlier command failed: ${earlier}`);
    return fail('list.malformed', `${source} is JSON, but neither a list nor the answers of a run`, { mend });
  }
  const identities: string[] = [];
  for (const [index, element] of elements.entries()) {
    const identity = identityOf(element);
    if (typeof identity !== 'string') {
      return fail(
        'list.malformed',
        `${source}, element ${index + 1}: neither a name nor an object with "sender" or "certname"`,
        { mend },
      );
    }
    const checked = checkIdentity(identity);
    if (!checked.ok)
      return fail('list.malformed', `${source}, element ${index + 1}: ${checked.error.message}`, { mend });
    identities.push(identity);
  }
  return unique(identities, source);
}

function fromLines(text: string, source: string): Result<readonly string[]> {
  const identities: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const name = line.trim();
    if (name === '' || name.startsWith('#')) continue;
    const checked = checkIdentity(name);
    if (!checked.ok) return fail('list.malformed', `${source}, line ${index + 1}: ${checked.error.message}`, { mend });
    identities.push(name);
  }
  return unique(identities, source);
}

/**
 * Node names from a text: one a line, where blank lines and those that begin with `#` are skipped, or JSON: the answers
 * of a run, or a list of names or of objects with `sender` or `certname`. In the order given, each once.
 *
 * Errors: `list.malformed` with the line or the element, and when there is no name at all.
 */
export function parseNodeList(text: string, source: string): Result<readonly string[]> {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  return /^[[{]/.test(trimmed)
    ? fromJson(trimmed, source)
    : fromLines(trimmed === '' ? '' : text.replace(/^\ufeff/, ''), source);
}
