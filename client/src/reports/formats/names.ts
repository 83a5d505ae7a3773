import { nodeStateNames, nodeStates, type NodeState } from '@muster/protocol/run';
import type { Report, ReportFormat, ReportSetting } from '../report.ts';
import { countText, createHumanTexts } from '../values.ts';

async function* write(report: Report, setting: ReportSetting): AsyncIterable<string> {
  const texts = createHumanTexts(setting);
  yield `# ${texts.line('text', report.title)}\n`;
  for (const { title, kind, value } of report.notes) yield `# ${title}: ${texts.line(kind, value)}\n`;
  // Names alone are short, so that those of 50,000 nodes may wait for their state.
  const byState = new Map<NodeState | null, string[]>();
  for await (const slice of report.rows()) {
    for (const { identity, state } of slice) {
      const names = byState.get(state);
      if (names === undefined) byState.set(state, [identity]);
      else names.push(identity);
    }
  }
  for (const state of [...nodeStates, null]) {
    const names = byState.get(state);
    if (names === undefined) continue;
    if (state !== null) yield `\n# ${nodeStateNames[state]}: ${countText(names.length)}\n`;
    yield `${names.join('\n')}\n`;
  }
}

/** A name a line, by state where nodes have one, with comments: what `--nodes` of the command line and the window read. */
export const names: ReportFormat = { mediaType: 'text/plain; charset=utf-8', ending: 'txt', isNested: true, write };
