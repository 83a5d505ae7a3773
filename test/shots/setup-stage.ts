import { writeFile } from 'node:fs/promises';
import { $, browser } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { startConsole } from '../support/browser-console.ts';
import { startEnrolmentWorld, type EnrolmentWorld } from '../support/enrolment-world.ts';
import type { Scene, Stage } from './scene.ts';

/** A console that is started for the first time. */
export function setupStage(): Stage {
  let world: EnrolmentWorld;
  const scenes: readonly Scene[] = [
    {
      name: 'setup',
      async show() {
        await $(parts.setupView).waitForDisplayed();
      },
    },
    {
      name: 'setup-fault',
      after: 'setup',
      async show() {
        await $(parts.setupWay('bring')).click();
        await $(parts.setupBrought('urls')).setValue(world.broker.url);
        await $(parts.setupBrought('ca')).setValue(world.at('ca', 'ca.pem'));
        await $(parts.setupBrought('certificate')).setValue(world.at('ca', 'ca.pem'));
        await $(parts.setupBrought('key')).setValue(world.at('ca', 'ca.key'));
        await $(parts.setupBring).click();
        await $(parts.setupBroughtFault('certificate')).waitForDisplayed();
      },
    },
    {
      name: 'setup-invitation',
      after: 'setup-fault',
      async show() {
        await $(parts.setupWay('join')).click();
        await $(parts.setupFile).setValue(await world.invite('bob', 'person', 'bob'));
        await $(parts.setupRead).click();
        await $(parts.setupInvitation).waitForDisplayed();
      },
    },
    {
      name: 'setup-proxy',
      after: 'setup-invitation',
      async show() {
        await $(parts.setupProxyToggle).click();
        await $(parts.setupProxy('url')).setValue('http://proxy.example.com:3128');
        await $(parts.setupProxy('username')).setValue('bob');
        await $(parts.setupProxy('password-file')).setValue(world.at('proxy.password'));
        await $(parts.setupProxy('allow-http')).waitForDisplayed();
      },
    },
    {
      name: 'setup-proxy-fault',
      after: 'setup-proxy',
      async show() {
        await $(parts.setupJoin).click();
        await $(parts.setupProxyFault).waitForDisplayed();
      },
    },
    {
      name: 'setup-joining',
      after: 'setup-proxy-fault',
      async show() {
        await $(parts.setupProxy('allow-http')).click();
        await $(parts.setupJoin).click();
        await browser.waitUntil(async () => (await $(parts.setupJoining).getAttribute('data-held')) === 'true', {
          timeout: 120_000,
        });
      },
    },
  ];
  return {
    title: 'a console that is started for the first time',
    scenes,
    async enter() {
      world = await startEnrolmentWorld({ approvers: ['alice'] });
      await writeFile(world.at('proxy.password'), 'open sesame', { mode: 0o600 });
      const running = await startConsole(world.at('bob'));
      await browser.url(running.url);
      return async () => {
        await running.stop();
        await world.stop();
      };
    },
  };
}
