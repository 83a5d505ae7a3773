// An agent whose actions misbehave, each in its own way.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const leaked = [];

/** @type {import('@muster/agent/api').AgentModule} */
export default {
  activate: ({ settings }) => settings['wanted'] !== false,
  actions: {
    greet({ request, reply, settings, node }) {
      reply.greeting = [settings['word'] ?? 'Hello', request.inputs['name'], 'from', node.identity].join(' ');
      reply.pid = process.pid;
    },
    async facts({ reply, node }) {
      reply.facts = await node.facts();
    },
    give_up({ reply, fail }) {
      reply.so_far = 1;
      fail('No, thank you');
      reply.so_far = 2;
    },
    boom() {
      throw new Error('it broke');
    },
    hang: () => new Promise(() => undefined),
    spin({ request }) {
      spawn('sleep', ['60'], { stdio: 'ignore' }).on('spawn', () => undefined);
      writeFileSync(request.inputs['file'], String(process.pid));
      for (;;);
    },
    die() {
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    },
    async start({ reply, startDetached }) {
      reply.started = await startDetached('sleep', ['60']);
    },
    leave: () => process.exit(3),
    hoard() {
      for (;;) leaked.push(new Array(1_000_000).fill(leaked.length));
    },
    odd({ reply }) {
      reply.value = 1n;
    },
    flood({ reply }) {
      reply.value = 'x'.repeat(5_000_000);
    },
    async late_words({ reply }) {
      console.log('on standard output');
      console.error('on standard error');
      reply.said = true;
    },
  },
};
