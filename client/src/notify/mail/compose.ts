import { nodeStateNames } from '@muster/protocol/run';
import { cleanLine, escapeHtml } from '@muster/protocol/text';
import type { NotifyDocument, ToldAbout } from '../event.ts';

/** A mail before it is encoded. */
export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail server cuts or refuses longer subjects. */
const longestSubject = 150;

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const happened = { finished: 'finished', failed: 'failed', threshold: 'met its limit of failures' } as const;
type Happened = keyof typeof happened;

/** States of runalls have no names there. */
const names: Readonly<Partial<Record<string, string>>> = nodeStateNames;
const nameOf = (state: string): string => names[state] ?? state;

/** What is told, line by line: a name and a value. */
function linesOf(about: ToldAbout): readonly (readonly [string, string])[] {
  const { agent, action, person, collective, state, fault, started, ended, nodes, answers, states, link } = about;
  return [
    ['Action', `${agent} ${action}`],
    ['State', state],
    ...(fault === null ? [] : [['Reason', `${fault.meaning} (${fault.code})`] as const]),
    ['Nodes', `${nodes}, of which ${answers} answered`],
    ...Object.entries(states).map(([name, count]) => [`  ${nameOf(name)}`, String(count)] as const),
    ['Started', `${started} by ${person}, in ${collective}`],
    ['Ended', ended ?? 'not yet'],
    [about.kind === 'run' ? 'Run' : 'Runall', about.id],
    ...(link === null ? [] : [['Link', link] as const]),
  ];
}

/** What a mail says. Nothing in it can be more than text: neither a header of its own, nor markup, nor a mark that turns the text. */
export function composeMail(document: NotifyDocument): ComposedMail {
  if (document.type === 'muster.notification.test.v1') {
    const said = `This is a test of the target ${cleanLine(document.data.target)}. Nothing has happened on the fleet.`;
    return { subject: 'Muster: test', text: `${said}\n`, html: `<p>${escapeHtml(said)}</p>` };
  }
  const { data } = document;
  const event = document.type.split('.')[2] as Happened; // by the schema of the type
  const title = `${data.agent} ${data.action} ${happened[event]}`;
  const lines = linesOf(data).map(([name, value]) => [cleanLine(name), cleanLine(value)] as const);
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  const rows = lines.map(
    ([name, value]) =>
      `<tr><th align="left" style="padding-right:1em;font-weight:normal">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return {
    subject: shorten(cleanLine(`Muster: ${title}`), longestSubject),
    text: `${cleanLine(title)}\n\n${lines.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n')}\n`,
    html: `<p><b>${escapeHtml(cleanLine(title))}</b></p><table>${rows.join('')}</table>`,
  };
}
