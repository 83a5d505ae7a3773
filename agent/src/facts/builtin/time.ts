import type { Clock } from '@muster/runtime/effects';
import type { Facts } from '../value.ts';
import type { System } from './system.ts';

function uptimeText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  if (days > 0) return days === 1 ? '1 day' : `${days} days`;
  const minutes = Math.floor(seconds / 60) % 60;
  return `${Math.floor(seconds / 3600)}:${String(minutes).padStart(2, '0')} hours`;
}

/** `system_uptime` and `load_averages`. */
export async function uptimeFacts(system: System): Promise<Facts> {
  const seconds = Math.floor(Number((await system.read('/proc/uptime'))?.split(' ')[0] ?? 0));
  const [one = 0, five = 0, fifteen = 0] = system.loads();
  const rounded = (load: number): number => Math.round(load * 100) / 100;
  return {
    system_uptime: {
      days: Math.floor(seconds / 86_400),
      hours: Math.floor(seconds / 3600),
      seconds,
      uptime: uptimeText(seconds),
    },
    load_averages: { '1m': rounded(one), '5m': rounded(five), '15m': rounded(fifteen) },
  };
}

/** Standard and summer abbreviation in a POSIX time zone rule such as `CET-1CEST,M3.5.0,M10.5.0/3`. */
const rule = /^(<[^>]+>|[A-Za-z]+)[-+0-9:]+(<[^>]+>|[A-Za-z]+)?/;

/** `timezone`: the abbreviation in force, as `date +%Z` would print it. */
export async function timezoneFacts(system: System, clock: Clock): Promise<Facts> {
  const zone = await system.readBytes('/etc/localtime');
  // A time zone file ends with its rule on a line of its own.
  const [, standard, summer] =
    rule.exec(
      Buffer.from(zone ?? [])
        .toString('latin1')
        .trimEnd()
        .split('\n')
        .at(-1) ?? '',
    ) ?? [];
  if (standard === undefined) return { timezone: 'UTC' };
  const now = new Date(clock());
  const offsets = [0, 6].map((month) => new Date(now.getFullYear(), month, 1).getTimezoneOffset());
  const isSummer = Math.min(...offsets) !== Math.max(...offsets) && now.getTimezoneOffset() === Math.min(...offsets);
  return { timezone: ((isSummer ? summer : undefined) ?? standard).replace(/[<>]/g, '') };
}
