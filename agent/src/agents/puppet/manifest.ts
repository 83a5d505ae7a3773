/** A text in single quotes, in which Puppet's language knows nothing special but `\` and `'`. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return 'undef';
  return `{${Object.entries(value)
    .map(([key, part]) => `${quoted(key)} => ${literal(part)}`)
    .join(', ')}}`;
}

/** A manifest with one resource. Type and names of properties must be names of Puppet's language; all else may be anything. */
export function resourceManifest(type: string, title: string, properties: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(properties).map(([name, value]) => `  ${name} => ${literal(value)},\n`);
  return `${type.toLowerCase()} { ${quoted(title)}:\n${lines.join('')}}\n`;
}
