import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { Fleet } from '@muster/build/fleet';
import { unwrap } from '@muster/protocol/errors';

/** What a test in another process may ask of the fleet. */
export type FleetCommand = 'stop-broker' | 'start-broker';

/** Lets other processes of this user stop and start the broker of a fleet, through a socket at `path`; starting it twice does nothing. */
export async function serveFleetControl(fleet: Fleet, path: string): Promise<{ close(): void }> {
  let isBrokerUp = true;
  const commands: Readonly<Record<FleetCommand, () => Promise<void>>> = {
    async 'stop-broker'() {
      await fleet.stopBroker();
      isBrokerUp = false;
    },
    async 'start-broker'() {
      if (!isBrokerUp) unwrap(await fleet.startBroker());
      isBrokerUp = true;
    },
  };
  const isCommand = (name: string): name is FleetCommand => Object.hasOwn(commands, name);
  const server = createServer((incoming, response) => {
    const name = (incoming.url ?? '').slice(1);
    const done = isCommand(name) ? commands[name]() : Promise.reject(new Error(`There is no command "${name}"`));
    done.then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Asks the fleet behind the socket; resolves when it is done. */
export async function askFleet(path: string, command: FleetCommand): Promise<void> {
  const outgoing = request({ socketPath: path, path: `/${command}`, method: 'POST' });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]; // what a client's `response` carries
  const chunks: Buffer[] = [];
  // Without an encoding, a response yields buffers.
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  if (response.statusCode !== 200) throw new Error(Buffer.concat(chunks).toString());
}
