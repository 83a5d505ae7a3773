import type { AgentDdl, DataDdl } from '../ddl/index.ts';
import { escapeHtml } from '../text/index.ts';
import { pluginDoc, type DocItem, type DocPart, type DocSection } from './plugin-doc.ts';

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
    typeof facet === 'string' ? escapeHtml(facet) : `<code>${escapeHtml(facet.code)}</code>`,
  );
  const about = [title === undefined ? '' : `“${escapeHtml(title)}”`, escapeHtml(text)]
    .filter((part) => part !== '')
    .join(': ');
  return `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${words.join(', ')}</td><td>${about}</td></tr>`;
}

const part = ({ title, items }: DocPart): string =>
  `<h3>${escapeHtml(title)}</h3>\n<table>${items.map(row).join('\n')}</table>\n`;

const section = ({ name, sentences, parts }: DocSection): string =>
  `<section id="${escapeHtml(name)}">\n<h2>${escapeHtml(name)}</h2>\n<p>${escapeHtml(sentences.join('. '))}.</p>\n${parts.map(part).join('')}</section>\n`;

/** One agent or data plugin as an HTML page that needs nothing else, and may load nothing. */
export function pluginHtml(ddl: AgentDdl | DataDdl): string {
  const { name, kind, metadata, usage, sections } = pluginDoc(ddl);
  const links = sections
    .map((entry) => `<a href="#${escapeHtml(entry.name)}">${escapeHtml(entry.name)}</a>`)
    .join(', ');
  const facts = metadata.flatMap(([key, value]) =>
    value === '' ? [] : [`<tr><th scope="row">${escapeHtml(key)}</th><td>${escapeHtml(value)}</td></tr>`],
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}, ${kind}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(name)} <small>${kind}</small></h1>
<p>${escapeHtml(ddl.description)}</p>
<table>${facts.join('\n')}</table>
${usage === undefined ? '' : `<pre>${escapeHtml(usage.trimEnd())}</pre>\n`}${kind === 'agent' ? `<p>Actions: ${links}</p>\n` : ''}${sections.map(section).join('')}</body>
</html>
`;
}
