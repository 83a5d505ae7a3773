export { externalActions, wantsActivation, type ExternalSurroundings } from './external-agent.ts';
export type { ExternalProgram } from './run-program.ts';
