import type { AgentDdl, DataDdl } from '../ddl/index.ts';
import { dataSection, pluginDoc, type DocItem, type DocPart, type DocSection, type Facet } from './plugin-doc.ts';

/** Text of a node on one line, in which neither tags nor links nor pictures begin. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[<[\\]/g, String.raw`\$&`);

/** Text as it stands, in a span of code that it cannot end. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

const facet = (value: Facet): string => (typeof value === 'string' ? plain(value) : code(value.code));

function itemLine({ name, facets, title, text }: DocItem, part: DocPart): string {
  if (part.title === 'Aggregates') return `- ${facets.map(facet).join(', ')} of \`${name}\`\n`;
  const shownAs = title === undefined ? '' : `, “${plain(title)}”`;
  return `- \`${name}\` (${facets.map(facet).join(', ')})${shownAs}: ${plain(text)}\n`;
}

const partText = (part: DocPart): string =>
  `\n${part.title}:\n\n${part.items.map((item) => itemLine(item, part)).join('')}`;

const sectionText = ({ name, sentences, parts }: DocSection): string => `
## ${name}

${sentences.map(plain).join('. ')}.
${parts.map(partText).join('')}`;

const usageText = (usage: string | undefined): string =>
  usage === undefined ? '' : `\n\`\`\`text\n${usage.trimEnd().replaceAll('```', "'''")}\n\`\`\`\n`;

/** The reference page of an agent, in Markdown, from its DDL. */
export function agentPage(ddl: AgentDdl): string {
  const { name, sentences, usage, sections } = pluginDoc(ddl);
  return `# ${name}\n\n${sentences.map(plain).join('. ')}.\n${usageText(usage)}${sections.map(sectionText).join('')}`;
}

/** The reference page of the data plugins, in Markdown, from their DDLs. */
export const dataPage = (ddls: readonly DataDdl[]): string => `# Data plugins

What filters may ask of a node, as in \`fstat('/etc/hosts').size > 100\`, and what \`rpcutil get_data\` gives.
${ddls.map((ddl) => sectionText(dataSection(ddl))).join('')}`;

/** One agent or data plugin in Markdown. */
export function pluginMarkdown(ddl: AgentDdl | DataDdl): string {
  if (ddl.kind === 'agent') return agentPage(ddl);
  const { name, sentences, usage } = pluginDoc(ddl);
  const parts = dataSection(ddl).parts.map(partText).join('');
  return `# ${name}\n\n${sentences.map(plain).join('. ')}.\n${usageText(usage)}${parts}`;
}
