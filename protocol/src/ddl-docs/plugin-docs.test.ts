import { describe, expect, it } from 'vitest';
import { agentDdlSchema, dataDdlSchema } from '../ddl/index.ts';
import { pluginHtml } from './plugin-html.ts';
import { pluginMarkdown } from './plugin-markdown.ts';
import { pluginText } from './plugin-text.ts';

const metadata = { author: 'A <a@b>', license: 'MIT', version: '1.2.3', url: 'https://example.com', timeout: 20 };
const agent = agentDdlSchema.parse({
  kind: 'agent',
  name: 'parcel',
  description: 'Looks after parcels & letters',
  ...metadata,
  usage: 'Needs <scales>.\n  muster rpc parcel send to=web1\n',
  actions: [
    {
      name: 'send',
      description: 'Sends a parcel to a host that somebody names, and waits until that host has said that it has it',
      effect: 'write',
      idempotent: true,
      inputs: {
        to: { type: 'string', prompt: 'To', description: 'Host', validation: '^[a-z<]+$', maxlength: 9 },
        how: { type: 'list', prompt: 'How', description: 'Speed', list: ['slow', 'fast'], optional: true },
        pin: { type: 'integer', prompt: 'PIN', description: '', sensitive: true },
      },
      outputs: { state: { description: 'What became of it', display_as: 'State', type: 'string' } },
      aggregates: [{ function: 'summary', output: 'state' }],
    },
    { name: 'scan', description: 'Looks', effect: 'read' },
  ],
});
const data = dataDdlSchema.parse({
  kind: 'data',
  name: 'shelf',
  description: 'What is on a shelf',
  ...metadata,
  query: { type: 'string', prompt: 'Shelf', description: 'Which', validation: '^\\d+$', maxlength: 3 },
  outputs: { full: { description: 'Whether it is full', display_as: 'Full', type: 'boolean' } },
});

const bold = (text: string) => `*${text}*`;

describe('for a terminal', () => {
  it('shows an agent within the width', () => {
    expect(pluginText(agent, 60, bold)).toBe(`*parcel*  agent
Looks after parcels & letters

Version:    1.2.3
Author:     A <a@b>
License:    MIT
URL:        https://example.com
Time limit: 20 s

Needs <scales>.
  muster rpc parcel send to=web1

*send*
  Sends a parcel to a host that somebody names, and waits
  until that host has said that it has it. Effect: write,
  idempotent. Shown: failed.

  Inputs:
    to (string, required, at most 9 characters, ^[a-z<]+$)
        Host
    how (list, optional, one of slow, fast)
        Speed
    pin (integer, required, sensitive)

  Outputs:
    state (string), “State”
        What became of it

  Aggregates:
    summary of state

*scan*
  Looks. Effect: read. Shown: failed.
`);
  });
  it('shows a data plugin', () => {
    expect(pluginText(data, 80, bold)).toContain(`
  Question:
    query (string, required, at most 3 characters, ^\\d+$)
        Which

  Outputs:
    full (boolean), “Full”
        Whether it is full
`);
  });
});

it('in Markdown, shows usage and questions', () => {
  expect(pluginMarkdown(agent)).toContain(
    '\n```text\nNeeds <scales>.\n  muster rpc parcel send to=web1\n```\n\n## send\n',
  );
  expect(pluginMarkdown(data)).toBe(`# shelf

What is on a shelf. Version 1.2.3, license MIT; it may run for 20 seconds.

Question:

- \`query\` (string, required, at most 3 characters, \`^\\d+$\`): Which

Outputs:

- \`full\` (boolean), “Full”: Whether it is full
`);
});

describe('in HTML', () => {
  const html = pluginHtml(agent);

  it('is a page that loads nothing and links its actions', () => {
    expect(html).toMatch(/^<!doctype html>\n/);
    expect(html).not.toMatch(/src=|@import|url\(|<script|<link/);
    expect(html).toContain('<a href="#send">send</a>, <a href="#scan">scan</a>');
    expect(html).toContain('<section id="send">');
  });
  it('shows text as text', () => {
    expect(html).toContain('parcels &amp; letters');
    expect(html).toContain('<code>^[a-z&lt;]+$</code>');
    expect(html).toContain('A &lt;a@b&gt;');
    const hostile = agentDdlSchema.parse({ ...agent, description: '<img src=x onerror="alert(1)">' });
    expect(pluginHtml(hostile)).not.toContain('<img');
  });
});

describe('in Markdown, text of a node', () => {
  const page = pluginMarkdown(
    agentDdlSchema.parse({
      ...agent,
      actions: [
        {
          name: 'scan',
          description: '<img src=x>\n# Heading [link](javascript:x) \\',
          effect: 'read',
          inputs: { how: { type: 'string', prompt: '', description: '', validation: '^`+$', maxlength: 9 } },
        },
      ],
    }),
  );

  it('begins no tag, link, picture or heading', () => {
    expect(page).toContain(String.raw`\<img src=x> # Heading \[link](javascript:x) \\.`);
  });

  it('does not end the code that it stands in', () => {
    expect(page).toContain('`` ^`+$ ``');
  });
});
