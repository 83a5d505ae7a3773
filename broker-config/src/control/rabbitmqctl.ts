import { spawn } from 'node:child_process';
import { fail, ok, type Result } from '@muster/protocol/errors';

/**
 * Runs RabbitMQ's own command line, `rabbitmqctl`, with arguments and what it reads; gives what it prints. It has no password: who
 * may run it owns the broker.
 *
 * Errors: `broker.control`.
 */
export type RabbitmqCtl = (args: readonly string[], input?: string) => Promise<Result<string>>;

const keptErrorBytes = 4000;

/** `command` is the program and arguments that come before all others, as in `docker exec -i broker rabbitmqctl`. */
export function createRabbitmqCtl(
  command: readonly [program: string, ...args: readonly string[]],
  env?: NodeJS.ProcessEnv,
): RabbitmqCtl {
  const [program, ...before] = command;
  return (args, input = '') =>
    new Promise((resolve) => {
      const child = spawn(program, [...before, ...args], { ...(env === undefined ? {} : { env }) });
      let printed = '';
      let said = '';
      const failed = (why: string) =>
        resolve(
          fail('broker.control', `${program} ${args[0] ?? ''} failed: ${why}`, {
            mend: 'Run it where RabbitMQ runs, as root or as the user of RabbitMQ.',
          }),
        );
      child.once('error', (thrown) => failed(thrown.message));
      child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-keptErrorBytes)));
      // One that ends before it has read everything says itself why.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      child.once('close', (code) => {
        if (code === 0) resolve(ok(printed));
        else failed((said.trim() || printed.trim()).slice(-keptErrorBytes));
      });
    });
}
