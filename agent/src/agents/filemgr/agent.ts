import { open, readdir, rmdir, unlink, utimes } from 'node:fs/promises';
import { booleanOf, textOf, type ActionCall, type AgentModule } from '../../api/index.ts';
import { fileStatus, missingFile } from '../../files/file-status.ts';

/** The file that is asked for, or else the one of the settings. */
const fileOf = ({ request, settings, fail }: ActionCall): string =>
  textOf(request.inputs, 'file') ?? textOf(settings, 'touch_file') ?? fail('There is no file to work on');

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its directory does not exist',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EBUSY: 'it is in use',
  ENOTEMPTY: 'it is a directory that is not empty',
};

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');

function reasonOf(thrown: unknown): string {
  const known = reasons[codeOf(thrown)];
  return known ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

/** Makes the file when it is missing. */
async function create(file: string): Promise<void> {
  try {
    await (await open(file, 'a')).close();
  } catch (thrown) {
    if (codeOf(thrown) !== 'EISDIR') throw thrown;
  }
}

async function touch(call: ActionCall): Promise<void> {
  const file = fileOf(call);
  const now = new Date(call.clock());
  try {
    await create(file);
    await utimes(file, now, now);
  } catch (thrown) {
    call.fail(`Could not touch '${file}': ${reasonOf(thrown)}`);
  }
}

async function remove(call: ActionCall): Promise<void> {
  const file = fileOf(call);
  const status = await fileStatus(file, call.signal);
  call.reply['removed'] = false;
  if (status === undefined) return;
  try {
    await (status.type === 'directory' ? rmdir(file) : unlink(file));
    call.reply['removed'] = true;
  } catch (thrown) {
    call.fail(`Could not remove '${file}': ${reasonOf(thrown)}`);
  }
}

async function status(call: ActionCall): Promise<void> {
  const name = fileOf(call);
  const found = await fileStatus(name, call.signal);
  Object.assign(call.reply, { name }, found ?? missingFile);
  if (found === undefined) call.fail(`${name} does not exist`);
  if (found.type === 'directory' && booleanOf(call.request.inputs, 'dirlist') === true) {
    call.reply['dir_listing'] = (await readdir(name)).sort();
  }
}

const filemgr: AgentModule = { actions: { touch, remove, status } };
export default filemgr;
