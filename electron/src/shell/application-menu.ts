import { ipcMain, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';
import { z } from 'zod';
import { isOurPage } from './calls.ts';

/** From the window to the shell: which commands it has now. */
export const menuChannel = 'muster:menu';
/** From the shell to the window: the id of the command that was chosen. */
export const commandChannel = 'muster:command';

/** What the window tells of its commands; labels are of its language. */
const menuSchema = z
  .array(
    z.strictObject({
      title: z.string().min(1).max(100),
      commands: z
        .array(
          z.strictObject({
            id: z.string().regex(/^[\w.-]{1,64}$/),
            title: z.string().min(1).max(200),
            isAvailable: z.boolean(),
          }),
        )
        .max(100),
    }),
  )
  .max(10);
type CommandMenus = z.infer<typeof menuSchema>;

/** The menu, without what a page of ours has no use for: no developer tools, no links. */
export function setApplicationMenu(platform: NodeJS.Platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(templateFor(platform, [], () => undefined)));
}

/** Puts the commands of the window that told of them last into the menu; what is chosen goes back to that window. */
export function takeCommands(platform: NodeJS.Platform): void {
  ipcMain.on(menuChannel, (event, told: unknown) => {
    const menus = menuSchema.safeParse(told);
    if (!isOurPage(event) || !menus.success) return;
    const { sender } = event;
    const template = templateFor(platform, menus.data, (id) => giveCommand(sender, id));
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  });
}

function giveCommand(contents: WebContents, id: string): void {
  if (!contents.isDestroyed()) contents.send(commandChannel, id);
}

// Keys stay with the window: it has sequences, and knows when somebody types.
function templateFor(
  platform: NodeJS.Platform,
  menus: CommandMenus,
  give: (id: string) => void,
): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  const first: MenuItemConstructorOptions = platform === 'darwin' ? { role: 'appMenu' } : { role: 'fileMenu' };
  const ofWindow = menus.map(({ title, commands }): MenuItemConstructorOptions => ({
    label: title,
    submenu: commands.map((command) => ({
      label: command.title,
      enabled: command.isAvailable,
      click: () => give(command.id),
    })),
  }));
  return [first, { role: 'editMenu' }, ...ofWindow, view, { role: 'windowMenu' }];
}
