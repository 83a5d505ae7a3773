import { join } from 'node:path';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import type { ReportHost } from '@muster/client/window';

/** Asks where reports go with the system's own dialog, and shows them in their folder. `window` is in front of which it asks. */
export function createReportPlaces(window: () => BrowserWindow | null): ReportHost {
  return {
    async choosePlace(fileName) {
      const options = {
        title: 'Save the report',
        defaultPath: join(app.getPath('documents'), fileName),
        properties: ['createDirectory', 'showOverwriteConfirmation'] as (
          'createDirectory' | 'showOverwriteConfirmation'
        )[],
      };
      const parent = window();
      const { canceled, filePath } = await (parent === null
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(parent, options));
      return canceled || filePath === '' ? null : filePath;
    },
    handOver({ file }) {
      shell.showItemInFolder(file);
      return null;
    },
  };
}
