export { Fleets, type Fleet, type FleetEngine, type FleetsOptions } from './fleets.ts';
export { openWindowEngine, startTimer, type WindowEngine, type WindowEngineOptions } from './open-window-engine.ts';
