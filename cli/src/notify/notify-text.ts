import type { NotifyDelivery, NotifyTarget } from '@muster/protocol/bridge';
import { cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { timeText } from '../output/time-text.ts';

const orNull = (ms: number | null): string | null => (ms === null ? null : timeText(ms));

const deliveryJson = (delivery: NotifyDelivery) => ({
  event: delivery.event,
  about: delivery.about,
  id: delivery.aboutId,
  state: delivery.state,
  queued_utc: timeText(delivery.queuedAtMs),
  attempts: delivery.attempts,
  tried_utc: orNull(delivery.triedAtMs),
  next_utc: orNull(delivery.nextAtMs),
  fault: delivery.fault === null ? null : { code: delivery.fault.code, message: delivery.fault.message },
});

/** A target as scripts see it. */
export const targetJson = (target: NotifyTarget) => ({
  name: target.name,
  kind: target.kind,
  server: target.server,
  recipients: target.recipients,
  on: target.on,
  encrypted: target.isEncrypted,
  signed: target.isSigned,
  waiting: target.waiting,
  last: target.last === null ? null : deliveryJson(target.last),
});

const placeText = ({ server, recipients }: NotifyTarget): string =>
  recipients.length === 0 ? server : `${recipients.join(', ')} by ${server}`;

function lastText({ last }: NotifyTarget): string {
  if (last === null) return '-';
  const { event, about, aboutId, state, queuedAtMs, triedAtMs } = last;
  return `${state === 'given_up' ? 'given up' : state} ${timeText(triedAtMs ?? queuedAtMs)} (${event}, ${about} ${aboutId.slice(0, 8)})`;
}

/** One line for each target, and below them why the last of some is not delivered. */
export function targetsTable(targets: readonly NotifyTarget[]): string {
  const rows = targets.map((target) =>
    [target.name, target.kind, placeText(target), target.on.join(', '), String(target.waiting), lastText(target)].map(
      cleanLine,
    ),
  );
  const lines = table(['Name', 'Kind', 'To', 'On', 'Waiting', 'Last'], rows, ['Waiting']);
  const faults = targets.flatMap(({ name, last }) => {
    const fault = last?.fault ?? null;
    if (last === null || fault === null || last.state === 'delivered') return [];
    return `${cleanLine(name)}: ${cleanLine(fault.message)} (attempt ${last.attempts})`;
  });
  return `${[...lines, ...(faults.length === 0 ? [] : ['', ...faults])].join('\n')}\n`;
}
