import type { agentDdlSchema } from '@muster/protocol/ddl';
import type { z } from 'zod';
import { ownPlugin } from '../metadata.ts';
import { cleanModes } from './clean-modes.ts';

type Ddl = z.input<typeof agentDdlSchema>;
type ActionDdl = Ddl['actions'][number];
type Input = NonNullable<ActionDdl['inputs']>[string];
type Output = NonNullable<ActionDdl['outputs']>[string];

const packageInput = (description: string): Input => ({
  type: 'string',
  prompt: 'Package Name',
  description,
  validation: 'package_name',
  maxlength: 90,
});

const output = (display_as: string, description: string, type: Output['type']): Output => ({
  display_as,
  description,
  type,
});

const stateOutputs = {
  output: output('Output', 'What the package manager said', 'string'),
  epoch: output('Epoch', 'Epoch of the version; 0 where it has none', 'integer'),
  arch: output('Arch', 'Architecture of the package', 'string'),
  ensure: output('Ensure', 'Full version; absent where it is not installed', 'string'),
  version: output('Version', 'Version without epoch and release', 'string'),
  provider: output('Provider', 'The package manager: apt, dnf, yum or zypper', 'string'),
  name: output('Name', 'Name of the package', 'string'),
  release: output('Release', 'Release of the package, for Debian the revision', 'string'),
};

const commandOutputs = (program: string) => ({
  output: output('Output', `What ${program} said`, 'string'),
  exitcode: output('Exit Code', `Exit code of ${program}`, 'integer'),
});

const outdatedOutputs = {
  outdated_packages: output(
    'Outdated Packages',
    'Packages with a newer version: package, version, installed, repo',
    'array',
  ),
};

const summaryOf = (name: string) => ({ function: 'summary' as const, output: name });

/** Does something to one package; the answer is what has become of it. */
const changing = (name: string, description: string, effect: ActionDdl['effect'], inputs: ActionDdl['inputs']) => ({
  name,
  description,
  display: 'failed' as const,
  effect,
  idempotent: true,
  inputs,
  outputs: stateOutputs,
  aggregates: [summaryOf('ensure')],
});

const reading = (name: string, description: string, more: Partial<ActionDdl>): ActionDdl => ({
  name,
  description,
  display: 'always',
  effect: 'read',
  idempotent: true,
  ...more,
});

/** Learns or forgets what there is to install. */
const caching = (name: string, description: string, more: Partial<ActionDdl>): ActionDdl => ({
  name,
  description,
  display: 'failed',
  effect: 'write',
  idempotent: true,
  ...more,
});

export const packageDdl: Ddl = {
  kind: 'agent',
  name: 'package',
  description: 'Installs, updates and removes software packages, and tells about them',
  ...ownPlugin,
  timeout: 180,
  actions: [
    changing('install', 'Installs a package', 'write', {
      package: packageInput('Package to install'),
      version: {
        type: 'string',
        prompt: 'Version',
        description: 'Version to install, newer or older than what is there; the newest when absent',
        optional: true,
        validation: '^\\w[\\w.+:~^-]*$',
        maxlength: 90,
      },
    }),
    changing('update', 'Updates a package to the newest version', 'write', {
      package: packageInput('Package to update'),
    }),
    changing('uninstall', 'Removes a package; for Debian its configuration stays', 'destructive', {
      package: packageInput('Package to remove'),
    }),
    changing('purge', 'Removes a package with its configuration', 'destructive', {
      package: packageInput('Package to purge'),
    }),
    reading('status', 'The state of a package', {
      inputs: { package: packageInput('Package to tell about') },
      outputs: stateOutputs,
      aggregates: [summaryOf('ensure'), summaryOf('arch')],
    }),
    reading('search', 'Which versions of a package there are to install', {
      inputs: {
        package: {
          type: 'string',
          prompt: 'Package Name',
          description: 'Name to look for; * stands for any text, ? for one character',
          validation: '^[\\w*?]([\\w.+:~*?-]*[\\w.+~*?])?$',
          maxlength: 90,
        },
      },
      outputs: {
        package_count: output('Number of Packages Available', 'How many versions of packages were found', 'integer'),
        available_packages: output(
          'Available Packages',
          'What was found: package, version, arch, repo; none where they are more than 1000',
          'array',
        ),
      },
      aggregates: [summaryOf('package_count')],
    }),
    reading('count', 'The number of installed packages', {
      display: 'failed',
      outputs: {
        output: output('Count', 'Number of installed packages', 'integer'),
        exitcode: output('Exit Code', 'Exit code of dpkg-query or rpm', 'integer'),
      },
      aggregates: [summaryOf('output')],
    }),
    reading('md5', 'A digest of all installed packages: nodes with the same digest have the same packages', {
      display: 'failed',
      outputs: {
        output: output('MD5', 'MD5 over a line "NAME VERSION ARCH" for each package, sorted by bytes', 'string'),
        exitcode: output('Exit Code', 'Exit code of dpkg-query or rpm', 'integer'),
      },
      aggregates: [summaryOf('output')],
    }),
    caching('yum_clean', 'Forgets what yum or dnf has downloaded', {
      inputs: {
        mode: {
          type: 'list',
          prompt: 'Yum clean mode',
          description: "What to forget; the node's own setting, or all, when absent",
          optional: true,
          list: [...cleanModes],
        },
      },
      outputs: commandOutputs('yum or dnf'),
    }),
    caching('apt_update', 'Reads anew which packages there are for apt', {
      outputs: { ...commandOutputs('apt-get'), ...outdatedOutputs },
    }),
    reading('yum_checkupdates', 'Which packages yum or dnf could update', {
      outputs: { ...commandOutputs('yum or dnf'), ...outdatedOutputs },
    }),
    reading('apt_checkupdates', 'Which packages apt could update', {
      outputs: { ...commandOutputs('apt-get'), ...outdatedOutputs },
    }),
    reading('checkupdates', 'Which packages could be updated', {
      outputs: {
        package_manager: output('Package Manager', 'The package manager: apt, dnf, yum or zypper', 'string'),
        ...commandOutputs('the package manager'),
        ...outdatedOutputs,
      },
      aggregates: [summaryOf('package_manager')],
    }),
    caching('refresh', 'Reads anew which packages there are to install', {
      outputs: commandOutputs('the package manager'),
    }),
  ],
};
