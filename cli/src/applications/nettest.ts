import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RunFlags } from '../options/run-flags.ts';
import { lineView } from '../output/answer-view.ts';
import { cleanLine } from '../output/clean-text.ts';
import type { Answer } from '../output/result-block.ts';
import type { Application, Plan } from './application.ts';

const mend = 'Write ping HOST, or connect HOST PORT.';

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? cleanLine(String(value)) : '';

function pingText({ data: { rtt } }: Answer): string {
  return `time = ${typeof rtt === 'number' ? rtt.toFixed(3) : text(rtt)} ms`;
}

function connectText({ data }: Answer): string {
  const time = data['connect_time'];
  const status = text(data['connect_status']);
  return typeof time === 'number' ? `${status}, time = ${time.toFixed(3)} s` : status;
}

/** Nodes by the thousand that all talk to one host are what it may not bear. */
const caution = 'tests the network';

function plan(words: readonly string[]): Result<Plan> {
  const [action, fqdn, port, more] = words;
  if (more === undefined && fqdn !== undefined) {
    if (action === 'ping' && port === undefined) {
      return ok({ action, inputs: { fqdn }, view: lineView(pingText), caution });
    }
    if (action === 'connect' && port !== undefined) {
      if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
        return fail('usage.invalid', `"${port}" is no port`, { mend: 'Ports are numbers from 1 to 65535.' });
      return ok({ action, inputs: { fqdn, port: Number(port) }, view: lineView(connectText), caution });
    }
  }
  return fail('usage.invalid', action === undefined ? 'Please say what to test' : `Cannot test "${words.join(' ')}"`, {
    mend,
  });
}

/** `muster nettest`. */
export const nettestApplication: Application<RunFlags> = {
  name: 'nettest',
  description: 'Test from nodes whether they reach a host.',
  words: { syntax: 'ping HOST | connect HOST PORT', meaning: 'ping HOST, or connect HOST PORT' },
  examples: [
    'muster nettest ping db1.example.com -C role::web',
    'muster nettest connect db1.example.com 5432 -C role::web',
  ],
  plan,
};
