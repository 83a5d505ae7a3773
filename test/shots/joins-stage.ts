import { $, browser } from '@wdio/globals';
import { securityPage } from '../e2e/security-page.ts';
import { parts } from '../e2e/test-ids.ts';
import { muster } from '../integration/cli/muster-process.ts';
import { startConsole } from '../support/browser-console.ts';
import { keyShownIn, saysInTime, startEnrolmentWorld, type EnrolmentWorld } from '../support/enrolment-world.ts';
import type { Scene, Stage } from './scene.ts';

async function startWorld(): Promise<EnrolmentWorld> {
  const world = await startEnrolmentWorld({ approvers: ['alice'] });
  const invitation = await world.invite('alice', 'person', 'alice', '--at-once');
  const joined = await muster(world.at('alice'), 'keys', 'join', invitation);
  if (joined.code !== 0) throw new Error(joined.err);
  return world;
}

/** Has a node ask, and gives the key that it shows. */
async function ask(
  world: EnrolmentWorld,
  folder: string,
  identity: string,
  ...flags: readonly string[]
): Promise<string> {
  const file = await world.invite(folder, 'node', identity, ...flags);
  const agent = world.agent('join', file, '--out', world.at(folder));
  if (flags.includes('--at-once')) await agent.code;
  else await saysInTime(agent.out, 'until a person approves');
  return keyShownIn(agent.out());
}

/** A console on a fleet to which nodes ask to join. */
export function joinsStage(): Stage {
  let world: EnrolmentWorld;
  let anew = '';
  const scenes: readonly Scene[] = [
    {
      name: 'joins-none',
      async show() {
        await securityPage.open('joins');
        await $(parts.joinsNone).waitForDisplayed();
      },
    },
    {
      name: 'joins',
      after: 'joins-none',
      async show() {
        await ask(world, 'db01', 'db01.example.com', '--at-once');
        const key = await ask(world, 'web31', 'web31.example.com');
        anew = await ask(world, 'db01-anew', 'db01.example.com');
        await securityPage.joinArrives(key);
        await securityPage.joinArrives(anew);
      },
    },
    {
      name: 'joins-replace',
      after: 'joins',
      async show() {
        await $(parts.join(anew)).$(parts.joinDecide('approve')).click();
        await $(parts.confirmDialog).waitForDisplayed();
      },
    },
    {
      name: 'joins-reject',
      after: 'joins',
      async show() {
        await $(parts.join(anew)).$(parts.joinDecide('reject')).click();
        await $(parts.confirmDialog).waitForDisplayed();
      },
    },
    {
      name: 'joins-rejected',
      after: 'joins-reject',
      async show() {
        await $(parts.confirmAccept).click();
        await $(parts.joinDecided).waitForDisplayed();
      },
    },
    {
      name: 'joins-silent',
      after: 'joins-none',
      async show() {
        await world.stopService();
        await $(parts.joinsRefresh).click();
        await $(parts.fault).waitForDisplayed({ timeout: 60_000 });
      },
    },
  ];
  return {
    title: 'who asks to join',
    scenes,
    async enter() {
      world = await startWorld();
      const running = await startConsole(world.at('alice'));
      await browser.url(running.url);
      await $(parts.navigation('security')).waitForDisplayed();
      return async () => {
        await running.stop();
        await world.stop();
      };
    },
  };
}
