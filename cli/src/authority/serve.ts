import { ok, type Result } from '@muster/protocol/errors';
import { serveAuthority } from '@muster/runtime/authority-service';
import { randomBytes } from '@muster/runtime/crypto';
import { createLogger } from '@muster/runtime/logging';
import { untilInterrupted } from '../commands/until-interrupted.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

/** `muster ca serve`: until it is interrupted. */
export async function serve(folder: string, { stdout, now, interrupted }: Surroundings): Promise<Result<number>> {
  const destination = { write: (line: string) => stdout.write(line) };
  const logger = createLogger({ name: 'muster-authority', level: 'info', destination });
  const started = await serveAuthority({ folder, logger, clock: now, randomBytes });
  if (!started.ok) return started;
  await untilInterrupted(interrupted);
  await started.value.stop();
  return ok(exitCodes.ok);
}
