import type { CatalogueSubject } from '../../../features/catalogue/catalogue-entries.ts';
import { address, type RouteFormat } from '../route-format.ts';

/** `#/catalogue/AGENT?version=…` or `#/catalogue/data/NAME?version=…`. */
export interface CatalogueRoute {
  readonly view: 'catalogue';
  readonly subject: CatalogueSubject | null;
  /** The one to read about; null for the one that most nodes have. */
  readonly version: string | null;
}

export const catalogueRoute: RouteFormat<CatalogueRoute> = {
  parse(path, params) {
    const [matched, isData, name] = /^\/catalogue(?:(\/data)?\/([a-z][a-z0-9_]{0,63}))?$/.exec(path) ?? [];
    if (matched === undefined) return null;
    const kind = isData === undefined ? 'agent' : 'data';
    return { view: 'catalogue', subject: name === undefined ? null : { kind, name }, version: params.get('version') };
  },
  print({ subject, version }) {
    if (subject === null) return address('/catalogue');
    return address(`/catalogue${subject.kind === 'data' ? '/data' : ''}/${subject.name}`, { version });
  },
};
