export { createSetupBridge } from './setup-bridge.ts';
export { createWindowBridge } from './window-bridge.ts';
export type { ReportHost } from './window-reports.ts';
