import { z } from 'zod';
import { fail, faultFrom, ok, type Result } from '../errors/index.ts';
import { endpoints, streams, type EndpointName, type StreamName } from './contract.ts';
import type { EndpointHandlers, StreamSources } from './handlers.ts';
import { StreamBook, streamsPerPeer, type StartTimer } from './stream-book.ts';

/** Answers one call of one window. Never rejects. `peer` names the window, as its host knows it. */
export interface Dispatcher {
  dispatch(name: string, payload: unknown, peer: string): Promise<Result<unknown>>;
  /** To be called when a window goes away. */
  forget(peer: string): void;
  /** Closes the streams of all windows whose names the engine does not admit any more. */
  closeRefused(): void;
  close(): void;
}

/** The calls behind streams; `stream.open` takes the name of a stream and its parameters. */
export const streamCalls = {
  'stream.open': z.object({ name: z.string(), params: z.unknown() }),
  /** All streams of a window are pulled at once: a browser has few connections to a host. */
  'stream.pull': z.object({ streamIds: z.array(z.string()).min(1).max(streamsPerPeer) }),
  'stream.close': z.object({ streamId: z.string() }),
} as const;

/** Every name that a host lets through. */
export const callNames: readonly string[] = [...Object.keys(endpoints), ...Object.keys(streamCalls)];

const isEndpoint = (name: string): name is EndpointName => Object.hasOwn(endpoints, name);
const isStream = (name: string): name is StreamName => Object.hasOwn(streams, name);

function read<T>(schema: z.ZodType<T>, payload: unknown, what: string): Result<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return fail(
    'bridge.invalid_params',
    `${what} has bad parameters at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`,
  );
}

export function createDispatcher(engine: {
  handlers: EndpointHandlers;
  sources: StreamSources;
  /** Whether a call or a stream may be used now; asked again before an answer is given. By default all may. */
  admit?: (name: EndpointName | StreamName) => Result<unknown>;
  startTimer: StartTimer;
  /** Told of every thrown thing, which is a defect; the window gets an `internal` fault. */
  onDefect: (name: string, thrown: unknown) => void;
}): Dispatcher {
  const book = new StreamBook(engine.startTimer);
  const admit = engine.admit ?? (() => ok(null));

  async function callEndpoint(name: EndpointName, payload: unknown): Promise<Result<unknown>> {
    const admitted = admit(name);
    if (!admitted.ok) return admitted;
    const params = read<unknown>(endpoints[name].params, payload, name);
    if (!params.ok) return params;
    // The table pairs each name with its own schema, a link that the compiler cannot follow through a union of names.
    const handler = engine.handlers[name] as (params: unknown) => Promise<Result<unknown>>;
    const answer = await handler(params.value);
    const stillAdmitted = admit(name);
    return stillAdmitted.ok ? answer : stillAdmitted;
  }

  function openStream(payload: unknown, peer: string): Result<unknown> {
    const request = read(streamCalls['stream.open'], payload, 'stream.open');
    if (!request.ok) return request;
    const { name } = request.value;
    if (!isStream(name)) return fail('bridge.unknown_endpoint', `There is no stream "${name}"`);
    const admitted = admit(name);
    if (!admitted.ok) return admitted;
    const params = read<unknown>(streams[name].params, request.value.params, name);
    if (!params.ok) return params;
    // As above: the schema that was just applied is this source's own.
    const source = engine.sources[name] as (params: unknown, emit: (item: unknown) => void) => Result<() => void>;
    return book.open({ peer, isOver: () => !admit(name).ok }, (emit) => source(params.value, emit));
  }

  async function route(name: string, payload: unknown, peer: string): Promise<Result<unknown>> {
    if (isEndpoint(name)) return callEndpoint(name, payload);
    switch (name) {
      case 'stream.open':
        return openStream(payload, peer);
      case 'stream.pull': {
        const request = read(streamCalls['stream.pull'], payload, name);
        return request.ok ? ok(await book.pull(peer, request.value.streamIds)) : request;
      }
      case 'stream.close': {
        const request = read(streamCalls['stream.close'], payload, name);
        if (request.ok) book.close(peer, request.value.streamId);
        return request.ok ? ok({}) : request;
      }
      default:
        return fail('bridge.unknown_endpoint', `There is no call "${name.slice(0, 80)}"`);
    }
  }

  return {
    async dispatch(name, payload, peer) {
      try {
        return await route(name, payload, peer);
      } catch (thrown) {
        engine.onDefect(name, thrown);
        return { ok: false, error: faultFrom(thrown) };
      }
    },
    forget: (peer) => book.closeAll((stream) => stream.peer === peer),
    closeRefused: () => book.closeAll((stream) => stream.isOver()),
    close: () => book.closeAll(() => true),
  };
}
