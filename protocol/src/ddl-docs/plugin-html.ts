import type { AgentDdl, DataDdl } from '../ddl/index.ts';
import { pluginDoc, type DocItem, type DocPart, type DocSection } from './plugin-doc.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 0.9em ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; overflow-wrap: anywhere; }
tr + tr > * { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
h2 { margin-top: 2.5rem; }
`;

function row({ name, facets, title, text }: DocItem): string {
  const words = facets.map((facet) =>
    typeof facet === 'string' ? escape(facet) : `<code>${escape(facet.code)}</code>`,
  );
  const about = [title === undefined ? '' : `“${escape(title)}”`, escape(text)]
    .filter((part) => part !== '')
    .join(': ');
  return `<tr><th scope="row"><code>${escape(name)}</code></th><td>${words.join(', ')}</td><td>${about}</td></tr>`;
}

const part = ({ title, items }: DocPart): string =>
  `<h3>${escape(title)}</h3>\n<table>${items.map(row).join('\n')}</table>\n`;

const section = ({ name, sentences, parts }: DocSection): string =>
  `<section id="${escape(name)}">\n<h2>${escape(name)}</h2>\n<p>${escape(sentences.join('. '))}.</p>\n${parts.map(part).join('')}</section>\n`;

/** One agent or data plugin as an HTML page that needs nothing else, and may load nothing. */
export function pluginHtml(ddl: AgentDdl | DataDdl): string {
  const { name, kind, metadata, usage, sections } = pluginDoc(ddl);
  const links = sections.map((entry) => `<a href="#${escape(entry.name)}">${escape(entry.name)}</a>`).join(', ');
  const facts = metadata.flatMap(([key, value]) =>
    value === '' ? [] : [`<tr><th scope="row">${escape(key)}</th><td>${escape(value)}</td></tr>`],
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name)}, ${kind}</title>
<style>${style}</style>
</head>
<body>
<h1>${escape(name)} <small>${kind}</small></h1>
<p>${escape(ddl.description)}</p>
<table>${facts.join('\n')}</table>
${usage === undefined ? '' : `<pre>${escape(usage.trimEnd())}</pre>\n`}${kind === 'agent' ? `<p>Actions: ${links}</p>\n` : ''}${sections.map(section).join('')}</body>
</html>
`;
}
