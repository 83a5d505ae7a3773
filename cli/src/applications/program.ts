import type { Command } from 'commander';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { addApplication } from './application.ts';
import { fileApplication } from './filemgr.ts';
import { nettestApplication } from './nettest.ts';
import { packageApplication } from './package.ts';
import { processApplication } from './process.ts';
import { serviceApplication } from './service.ts';

/** Commands that run the actions of one agent in words of their own. */
export function addApplications(program: Command, surroundings: Surroundings, finish: Finish): void {
  addApplication(program, packageApplication, surroundings, finish);
  addApplication(program, serviceApplication, surroundings, finish);
  addApplication(program, fileApplication, surroundings, finish);
  addApplication(program, nettestApplication, surroundings, finish);
  addApplication(program, processApplication, surroundings, finish);
}
