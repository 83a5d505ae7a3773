import type { Result } from '@muster/protocol/errors';
import type { Engine, EngineOptions } from './engine.ts';

export declare function openEngine(options: EngineOptions): Promise<Result<Engine>>;
