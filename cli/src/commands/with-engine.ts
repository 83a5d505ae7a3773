import type { Engine } from '@muster/client/engine';
import { fail, type Result } from '@muster/protocol/errors';
import type { EngineFlags } from '../options/flags.ts';
import { homeOf } from '../options/home.ts';
import { passphraseAccess } from '../options/passphrase.ts';
import { noticeText } from '../output/notices.ts';
import { renewalText } from '../output/expiry.ts';
import { createPalette } from '../output/palette.ts';
import type { Surroundings } from '../surroundings.ts';

/** How long a command waits for the broker before it says that there is none. */
const connectTimeoutMs = 5000;

/** The outcome of a promise, or `run.interrupted` as soon as the person interrupts. */
export async function unlessInterrupted<T>(
  work: Promise<Result<T>>,
  interrupted: AbortSignal,
  when: string,
): Promise<Result<T>> {
  const { promise, resolve } = Promise.withResolvers<Result<T>>();
  const give = () => resolve(fail('run.interrupted', `Interrupted while ${when}`, { mend: 'No request was sent.' }));
  if (interrupted.aborted) give();
  interrupted.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    interrupted.removeEventListener('abort', give);
  }
}

const howToGetAHome =
  'Name the folder that has it with --home or MUSTER_HOME. In a checkout, `npm run fleet` starts a fleet and makes one in .muster-fleet.';

/** Tells on STDERR what happened to the database, once. */
async function tellNotices(engine: Engine, { stderr }: Surroundings): Promise<void> {
  const untold = await engine.notices.takeUntold();
  // A database that cannot be read is told by what the command asks of it.
  if (!untold.ok) return;
  const { red } = createPalette(stderr.colours);
  for (const notice of untold.value) stderr.write(noticeText(notice, red));
}

/** Says on STDERR that the certificate of the console ends soon, and how it is renewed. */
function tellRenewal({ certificate }: Engine, { stderr, now }: Surroundings): void {
  const text = renewalText(certificate, now());
  if (text !== undefined) stderr.write(text);
}

/**
 * Lends the engine of the chosen home and closes it afterwards. Offline, nothing waits for the broker; whether that is so may depend on the
 * configuration. Unconnected, the broker is left alone.
 */
export async function withEngine<T>(
  surroundings: Surroundings,
  flags: EngineFlags,
  mode: 'online' | 'offline' | 'unconnected' | ((engine: Engine) => 'online' | 'offline'),
  use: (engine: Engine) => Promise<Result<T>>,
): Promise<Result<T>> {
  const { interrupted } = surroundings;
  const home = homeOf(flags.home, surroundings);
  const offline = mode === 'unconnected';
  const opened = await surroundings.openEngine(home, {
    offline,
    readOnly: flags.readOnly === true,
    ...passphraseAccess(flags, surroundings),
  });
  if (!opened.ok) {
    return opened.error.code === 'home.missing'
      ? { ok: false, error: { ...opened.error, mend: howToGetAHome } }
      : opened;
  }
  const engine = opened.value;
  try {
    if (mode !== 'unconnected') await tellNotices(engine, surroundings);
    if ((typeof mode === 'function' ? mode(engine) : mode) === 'online') {
      const up = await unlessInterrupted(
        engine.connection.waitUntilUp(connectTimeoutMs),
        interrupted,
        'connecting to the broker',
      );
      if (!up.ok) return up;
    }
    const used = await use(engine);
    if (mode !== 'unconnected') tellRenewal(engine, surroundings);
    return used;
  } finally {
    await engine.close();
  }
}

/** Errors: `usage.invalid` when the configuration does not know the collective. */
export function checkCollective(engine: Engine, collective: string | undefined): Result<string> {
  const { collectives } = engine.configuration;
  if (collective === undefined) return { ok: true, value: collectives[0] };
  if (collectives.includes(collective)) return { ok: true, value: collective };
  return fail('usage.invalid', `Unknown collective ${collective}`, {
    mend: `The configuration has: ${collectives.join(', ')}.`,
  });
}
