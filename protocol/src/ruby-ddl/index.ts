export type { RubyDdl, RubyDdlKind } from './ddl-builder.ts';
export { readRubyDdl } from './read-ruby-ddl.ts';
