export { createWindowBridge } from './window-bridge.ts';
