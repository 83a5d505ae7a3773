import { openEngine, type Engine } from '@muster/client/engine';
import { unwrap, type Result } from '@muster/protocol/errors';
import type { FromConsole, ToConsole } from './console-messages.ts';

// `console-main.ts HOME`: the engine of the window, without a window, told what to do by the process that started it.

const tell = (message: FromConsole): void => {
  if (process.connected) process.send?.(message);
};

async function carryOut(engine: Engine, message: ToConsole): Promise<Result<string>> {
  if (message.kind === 'refresh') {
    const refreshed = await engine.inventory.refresh();
    if (!refreshed.ok) return refreshed;
    // On a busy machine many answer later than anybody waits; what is known counts.
    const known = await engine.inventory.count('');
    return known.ok ? { ok: true, value: String(known.value.matching) } : known;
  }
  if (message.kind !== 'start') {
    const changed = await engine.runs[message.kind](message.runId);
    return changed.ok ? { ok: true, value: changed.value.state } : changed;
  }
  let runId = '';
  const onChange = ({
    state,
    responses,
    expected,
    ...run
  }: { runId: string } & Extract<FromConsole, { kind: 'change' }>['run']) => {
    runId = run.runId;
    tell({ kind: 'change', runId, run: { state, responses, expected } });
  };
  const started = await engine.runs.start({ ...message.order, watch: { onChange } });
  return started.ok ? { ok: true, value: started.value.runId } : started;
}

const [home = ''] = process.argv.slice(2);
const engine = unwrap(await openEngine({ home }));
process.on('message', (message: ToConsole) => {
  void carryOut(engine, message).then(
    (result) =>
      tell({ kind: 'answer', id: message.id, ...(result.ok ? { value: result.value } : { fault: result.error }) }),
    (thrown: unknown) => tell({ kind: 'answer', id: message.id, fault: { code: 'internal', message: String(thrown) } }),
  );
});
process.once('SIGTERM', () => void engine.close().then(() => process.exit(0)));
tell({ kind: 'ready' });
