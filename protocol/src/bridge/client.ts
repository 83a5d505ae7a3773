import { errorCatalogue, faultFrom, type Fault, type Result } from '../errors/index.ts';
import type { EndpointName, EndpointParams, EndpointResult, StreamItem, StreamName, StreamParams } from './contract.ts';

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

export function createBridgeClient(transport: Transport, pause: Pause): BridgeClient {
  async function send(name: string, payload: unknown): Promise<Result<unknown>> {
    try {
      return await transport(name, payload);
    } catch (thrown) {
      return { ok: false, error: faultFrom(thrown, 'bridge.unreachable') };
    }
  }

  /** Pulls one opened stream until it breaks or is stopped; null when it was stopped. */
  async function pullAll(
    streamId: string,
    onItem: (item: unknown) => void,
    stopped: () => boolean,
  ): Promise<Fault | null> {
    for (;;) {
      const pulled = await send('stream.pull', { streamId });
      if (stopped()) return null;
      if (!pulled.ok) return pulled.error;
      // The dispatcher checked nothing of items on their way out: they are made by typed sources.
      for (const item of (pulled.value as { items: unknown[] }).items) onItem(item);
    }
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
        if (streamId !== null) await send('stream.close', { streamId });
        streamId = null;
      };

      /** Opens the stream and stays with it until it breaks; null when it was stopped. */
      async function stay(): Promise<Fault | null> {
        const opened = await send('stream.open', { name, params });
        if (!opened.ok) return stopped() ? null : opened.error;
        // `stream.open` answers with the id of the stream; its items are of the shape that the contract pairs with the name.
        ({ streamId } = opened.value as { streamId: string });
        if (!stopped()) return pullAll(streamId, onItem as (item: unknown) => void, stopped);
        await closeStream();
        return null;
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
