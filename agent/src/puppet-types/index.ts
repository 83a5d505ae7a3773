export { compileType, type CompiledType } from './compile-type.ts';
