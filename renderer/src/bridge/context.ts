import type { BridgeClient } from '@muster/protocol/bridge';
import { createContext } from 'svelte';

/** The engine, for every component below the shell. */
export const [useBridge, provideBridge] = createContext<BridgeClient>();
