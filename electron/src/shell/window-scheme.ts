import { protocol } from 'electron';
import { pathOf, securityHeaders, type WindowFiles } from '../window-files/index.ts';

const scheme = 'muster-app';
const host = 'window';

/** The one page that the shell shows. */
export const windowUrl = `${scheme}://${host}/`;

/** Whether an address is that page, whatever its fragment says. */
export function isWindowUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return `${url.protocol}//${url.host}${url.pathname}` === windowUrl && url.search === '';
}

/** Makes the scheme one with an origin of its own, as secure as https. To be called before the application is ready. */
export function declareWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built window, and nothing else, under the scheme. */
export function serveWindow(files: WindowFiles): void {
  protocol.handle(scheme, (request) => {
    const { host: asked, pathname } = new URL(request.url);
    const file = asked === host && request.method === 'GET' ? files.get(pathOf(pathname)) : undefined;
    if (file === undefined) return new Response(null, { status: 404, headers: securityHeaders });
    return new Response(file.body, { headers: { ...securityHeaders, 'content-type': file.contentType } });
  });
}
