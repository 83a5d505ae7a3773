import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { z } from 'zod';
import { largestFileBytes, metadataSchema, taskParts, type TaskSource } from './metadata.ts';

/** How to reach a Puppet Server: with the certificate that the node has for Puppet, as PEM files. */
export interface PuppetServer {
  readonly url: string;
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The answer to `/puppet/v3/tasks/MODULE/TASK`. */
const detailSchema = z.looseObject({
  metadata: metadataSchema,
  files: z.array(
    z.looseObject({
      filename: z.string().regex(/^(?!.*(^|\/)\.{0,2}(\/|$))[\w./-]+$/),
      sha256,
      size_bytes: z.int().nonnegative().max(largestFileBytes),
      uri: z.looseObject({
        path: z.string().startsWith('/puppet/v3/'),
        params: z.record(z.string(), z.string()).default({}),
      }),
    }),
  ),
});

/** The answer to `/puppet/v3/tasks`. */
const listSchema = z.array(
  z.looseObject({ name: z.string(), private: z.boolean().default(false), description: z.string().default('') }),
);

/** How long the server may be silent, in milliseconds. */
const silentMs = 20_000;
const largestJsonBytes = 4 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Tasks of a Puppet Server. */
export function puppetServerTasks(server: PuppetServer, signal: AbortSignal): TaskSource {
  async function get(path: string, params: Readonly<Record<string, string>>, mostBytes: number): Promise<Answer> {
    const url = new URL(path, server.url);
    url.search = new URLSearchParams(params).toString();
    const [cert, key, ca] = await Promise.all(
      [server.certificate, server.key, server.ca].map((file) => readFile(file)),
    );
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const sent = request(url, { cert, key, ca, signal, timeout: silentMs }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostBytes) response.destroy(new Error(`its answer is larger than ${mostBytes} bytes`));
        chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`it is silent for ${silentMs / 1000} s`)));
    sent.on('error', reject);
    sent.end();
    try {
      return await promise;
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new Error(`The Puppet Server ${url.host} cannot be asked: ${reason}`, { cause: thrown });
    }
  }

  const refused = ({ status, body }: Answer): Error =>
    new Error(`The Puppet Server answers with ${status}: ${body.toString('utf8').slice(0, 200)}`);

  function parsed<T>(schema: z.ZodType<T>, { body }: Answer): T {
    try {
      return schema.parse(JSON.parse(body.toString('utf8')));
    } catch (thrown) {
      throw new Error('The answer of the Puppet Server is not what it should be', { cause: thrown });
    }
  }

  return {
    async find(name, environment) {
      const [module, task] = taskParts(name);
      const answer = await get(`/puppet/v3/tasks/${module}/${task}`, { environment }, largestJsonBytes);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refused(answer);
      const { metadata, files } = parsed(detailSchema, answer);
      return {
        name,
        metadata,
        files: files.map(({ filename, sha256, size_bytes: size, uri }) => ({
          filename,
          sha256,
          size,
          async read() {
            const content = await get(uri.path, uri.params, size);
            if (content.status !== 200) throw refused(content);
            return content.body;
          },
        })),
      };
    },
    async list(environment) {
      const answer = await get('/puppet/v3/tasks', { environment }, largestJsonBytes);
      if (answer.status !== 200) throw refused(answer);
      return parsed(listSchema, answer).filter((task) => !task.private);
    },
  };
}
