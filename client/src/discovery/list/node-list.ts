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

function fromJson(text: string, source: string): Result<readonly string[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return fail('list.malformed', `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      mend,
    });
  }
  const elements = Array.isArray(parsed)
    ? (parsed as unknown[]) // isArray widens to any[]
    : (property(parsed, 'replies') ?? property(parsed, 'nodes'));
  if (!Array.isArray(elements)) {
    const error = property(parsed, 'error');
    const earlier = property(error, 'message') ?? error;
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
  return ok([...new Set(identities)]);
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
  return ok([...new Set(identities)]);
}

/** Names in the form of {@link parseNodeList}, from a source that may well find none. Errors: `list.malformed`. */
export function parseFoundNodes(text: string, source: string): Result<readonly string[]> {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  return /^[[{]/.test(trimmed)
    ? fromJson(trimmed, source)
    : fromLines(trimmed === '' ? '' : text.replace(/^\ufeff/, ''), source);
}

/**
 * Node names from a text: one a line, where blank lines and those that begin with `#` are skipped, or JSON: the answers
 * of a run, a list of names or of objects with `sender` or `certname`, or such a list as `nodes`. In the order given, each once.
 *
 * Errors: `list.malformed` with the line or the element, and when there is no name at all.
 */
export function parseNodeList(text: string, source: string): Result<readonly string[]> {
  const found = parseFoundNodes(text, source);
  if (!found.ok || found.value.length > 0) return found;
  return fail('list.malformed', `${source} names no nodes`, { mend });
}
