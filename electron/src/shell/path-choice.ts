import { BrowserWindow, dialog, ipcMain } from 'electron';
import { z } from 'zod';
import { isOurPage } from './calls.ts';

/** From the window to the shell: a person wants to choose a file or a folder; answered with its path, or null. */
export const choiceChannel = 'muster:choose';

const kindSchema = z.enum(['file', 'folder']);

/** Lets a page of ours ask for a path with the system's own dialog. It learns what the person chose, and nothing that lies in it. */
export function offerPaths(): void {
  ipcMain.handle(choiceChannel, async (event, asked: unknown) => {
    const kind = kindSchema.safeParse(asked);
    const parent = BrowserWindow.fromWebContents(event.sender);
    if (!isOurPage(event) || !kind.success || parent === null) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
      properties: [kind.data === 'file' ? 'openFile' : 'openDirectory'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  });
}
