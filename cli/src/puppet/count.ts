import type { ResultRow } from '@muster/protocol/bridge';
import { cleanLine } from '../output/clean-text.ts';
import type { Palette } from '../output/palette.ts';
import type { RunOutcome } from '../output/run-report.ts';

type Status = Pick<ResultRow, 'statusCode' | 'data'>;

/** How many nodes do what with Puppet. */
export interface PuppetCount {
  readonly total: number;
  readonly enabled: number;
  readonly disabled: number;
  readonly applying: number;
  readonly stopped: number;
  readonly daemons: number;
  readonly idling: number;
  /** Answers that were no status. */
  readonly failed: number;
  /** Why they are disabled, the most frequent first; empty for no reason given. */
  readonly reasons: readonly { readonly message: string; readonly nodes: number }[];
}

/** Counts over the answers of `puppet status`. */
export function countPuppet(answers: readonly Status[]): PuppetCount {
  const good = answers.filter(({ statusCode }) => statusCode === 0).map(({ data }) => data);
  const having = (output: string, value: boolean) => good.filter((data) => data[output] === value);
  const disabled = having('enabled', false);
  const byReason = Map.groupBy(disabled, ({ disable_message: message }) =>
    typeof message === 'string' ? message : '',
  );
  const reasons = [...byReason].map(([message, nodes]) => ({ message, nodes: nodes.length }));
  return {
    total: good.length,
    enabled: good.length - disabled.length,
    disabled: disabled.length,
    applying: having('applying', true).length,
    stopped: good.filter((data) => data['applying'] !== true && data['daemon_present'] !== true).length,
    daemons: having('daemon_present', true).length,
    idling: having('idling', true).length,
    failed: answers.length - good.length,
    reasons: reasons.sort((a, b) => b.nodes - a.nodes || (a.message < b.message ? -1 : 1)),
  };
}

export function countText(count: PuppetCount, outcome: RunOutcome, palette: Palette): string {
  const line = (title: string, value: number) => `${title.padStart(36)}: ${value}\n`;
  const reasons = count.reasons.map(
    ({ message, nodes }) =>
      `${String(nodes).padStart(7)}  ${message === '' ? '(no reason given)' : cleanLine(message)}\n`,
  );
  const missing = count.failed + outcome.noResponses.length;
  return [
    line('Total Puppet nodes', count.total),
    '\n',
    line('Nodes currently enabled', count.enabled),
    line('Nodes currently disabled', count.disabled),
    '\n',
    line('Nodes currently doing puppet runs', count.applying),
    line('Nodes currently stopped', count.stopped),
    '\n',
    line('Nodes with daemons started', count.daemons),
    line('Nodes without daemons started', count.total - count.daemons),
    line('Daemons started but idling', count.idling),
    '\n',
    ...(reasons.length === 0 ? [] : ['Disabled because:\n\n', ...reasons, '\n']),
    ...(missing === 0 ? [] : [`${palette.red(`${missing} nodes did not tell their status`)}\n\n`]),
  ].join('');
}

export const countJson = ({
  total,
  enabled,
  disabled,
  applying,
  stopped,
  daemons,
  idling,
  failed,
  reasons,
}: PuppetCount) => ({
  total,
  enabled,
  disabled,
  applying,
  stopped,
  with_daemons: daemons,
  without_daemons: total - daemons,
  idling,
  failed,
  disabled_because: reasons,
});
