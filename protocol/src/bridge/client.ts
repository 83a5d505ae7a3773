import { errorCatalogue, faultFrom, type Fault, type Result } from '../errors/index.ts';
import type { EndpointName, EndpointParams, EndpointResult, StreamItem, StreamName, StreamParams } from './contract.ts';
import type { Pulled } from './stream-book.ts';

/** How calls reach the dispatcher: Electron's IPC, HTTP to the browser host, or a plain function in tests. May reject. */
export type Transport = (name: string, payload: unknown) => Promise<Result<unknown>>;

/** The window's side of the contract. */
export interface BridgeClient {
  /** Resolves with a value or a fault, never rejects; a transport that fails is `bridge.unreachable`. */
  call<N extends EndpointName>(name: N, params: EndpointParams<N>): Promise<Result<EndpointResult<N>>>;
  /**
   * Follows a stream until the returned function is called. `onItem` gets the present state and then each news;
   * `onFault` is called when the engine cannot be reached or refuses, and the stream is opened again after a pause where that can help.
   */
  follow<N extends StreamName>(
    name: N,
    params: StreamParams<N>,
    onItem: (item: StreamItem<N>) => void,
    onFault?: (fault: Fault) => void,
  ): () => void;
}

/** Resolves after a pause. */
export type Pause = (ms: number) => Promise<void>;

const reopenAfterMs = 1000;

/** An opened stream that is followed. */
interface Followed {
  readonly onItem: (item: unknown) => void;
  /** Told once why it is over; null when it was stopped. */
  readonly onEnd: (fault: Fault | null) => void;
}

export function createBridgeClient(transport: Transport, pause: Pause): BridgeClient {
  async function send(name: string, payload: unknown): Promise<Result<unknown>> {
    try {
      return await transport(name, payload);
    } catch (thrown) {
      return { ok: false, error: faultFrom(thrown, 'bridge.unreachable') };
    }
  }

  const followed = new Map<string, Followed>();
  let round = 0;

  function end(streamId: string, fault: Fault | null): void {
    const stream = followed.get(streamId);
    followed.delete(streamId);
    stream?.onEnd(fault);
  }

  /** Pulls all streams that are followed, until there are none or a later round does. */
  async function pullAll(): Promise<void> {
    const own = ++round;
    while (own === round && followed.size > 0) {
      const streamIds = [...followed.keys()];
      const pulled = await send('stream.pull', { streamIds });
      if (pulled.ok) deliver(pulled.value as Pulled);
      // Of streams that a later round pulls, that round hears.
      else if (own === round) for (const streamId of streamIds) end(streamId, pulled.error);
    }
  }

  // The dispatcher checked nothing of items on their way out: they are made by typed sources.
  function deliver({ news, ended }: Pulled): void {
    for (const { streamId, item } of news) followed.get(streamId)?.onItem(item);
    for (const streamId of ended)
      end(streamId, { code: 'bridge.unknown_stream', message: `The stream ${streamId} was closed` });
  }

  return {
    async call(name, params) {
      // The dispatcher answers with the result that the contract pairs with this name.
      return (await send(name, params)) as Result<never>;
    },
    follow(name, params, onItem, onFault) {
      let isStopped = false;
      let streamId: string | null = null;
      const stopped = () => isStopped;
      const closeStream = async () => {
        const open = streamId;
        streamId = null;
        if (open === null) return;
        end(open, null);
        await send('stream.close', { streamId: open });
      };

      /** Opens the stream and stays with it until it breaks; null when it was stopped. */
      async function stay(): Promise<Fault | null> {
        const opened = await send('stream.open', { name, params });
        if (!opened.ok) return stopped() ? null : opened.error;
        // `stream.open` answers with the id of the stream; its items are of the shape that the contract pairs with the name.
        const { streamId: id } = opened.value as { streamId: string };
        streamId = id;
        if (stopped()) {
          await closeStream();
          return null;
        }
        return new Promise((onEnd) => {
          followed.set(id, { onItem: onItem as (item: unknown) => void, onEnd });
          void pullAll();
        });
      }

      async function stayThroughFaults(): Promise<void> {
        while (!stopped()) {
          const fault = await stay();
          if (fault === null) return;
          onFault?.(fault);
          if (errorCatalogue[fault.code].retry === 'never' && fault.code !== 'bridge.unknown_stream') return;
          await pause(reopenAfterMs);
        }
      }

      void stayThroughFaults();
      return () => {
        isStopped = true;
        void closeStream();
      };
    },
  };
}
