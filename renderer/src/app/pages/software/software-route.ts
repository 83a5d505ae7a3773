import { subjectKinds, type Subject, type SubjectKind } from '../../../features/software/subject.ts';
import { address, type RouteFormat } from '../route-format.ts';

/** `#/software?kind=…&type=…&name=…&run=ID&filter=…`: `run` is whose answers are shown; null for none yet. */
export interface SoftwareRoute extends Subject {
  readonly view: 'software';
  readonly runId: string | null;
  /** Whom the next question goes to. */
  readonly filter: string;
}

const kindOf = (text: string | null): SubjectKind => subjectKinds.find((kind) => kind === text) ?? 'package';
const runIdOf = (text: string | null): string | null => (text !== null && /^[0-9a-f]{32}$/.test(text) ? text : null);

export const softwareRoute: RouteFormat<SoftwareRoute> = {
  parse: (path, params) =>
    path === '/software'
      ? {
          view: 'software',
          kind: kindOf(params.get('kind')),
          type: params.get('type') ?? '',
          name: params.get('name') ?? '',
          runId: runIdOf(params.get('run')),
          filter: params.get('filter') ?? '',
        }
      : null,
  print: ({ kind, type, name, runId, filter }) => address('/software', { kind, type, name, run: runId, filter }),
};
