import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { Dispatcher } from '@muster/protocol/bridge';
import { fail } from '@muster/protocol/errors';
import { isWindowUrl } from './window-scheme.ts';

/** The one channel between window and shell; the preload knows it by the same name. */
export const callChannel = 'muster:call';

/** Carries each window's calls to the dispatcher of its fleet. Whoever else sends on the channel is refused. */
export function answerCalls(dispatcherOf: (contents: WebContents) => Dispatcher | null): void {
  ipcMain.handle(callChannel, (event, name: unknown, payload: unknown) => {
    if (!isOurPage(event)) return fail('bridge.forbidden', 'Only the window itself may call');
    if (typeof name !== 'string') return fail('bridge.unknown_endpoint', 'The name of a call is a text');
    const dispatcher = dispatcherOf(event.sender);
    if (dispatcher === null) return fail('bridge.forbidden', 'Only the window itself may call');
    return dispatcher.dispatch(name, payload, peerOf(event.sender));
  });
}

/** Closes the streams of a page when it is left: reloaded, crashed or closed. */
export function forgetWhenLeft(dispatcher: Dispatcher, contents: WebContents): void {
  const peer = peerOf(contents);
  const forget = () => dispatcher.forget(peer);
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) forget();
  });
  contents.on('render-process-gone', forget);
  contents.on('destroyed', forget);
}

const peerOf = (contents: WebContents): string => `shell-${contents.id}`;

/** The main frame of a window, showing our page: no frame inside it, and no page that it might have been led to. */
export function isOurPage({ sender, senderFrame }: IpcMainInvokeEvent | IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isWindowUrl(senderFrame.url);
}
