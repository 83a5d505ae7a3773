import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMadison, parseUpgrades } from './apt.ts';
import { fitsGlob } from './glob.ts';
import { chooseProvider } from './index.ts';
import { versionParts } from './version-parts.ts';

describe('the package manager of a node', () => {
  const on =
    (...programs: string[]) =>
    (name: string) =>
      Promise.resolve(programs.includes(name) ? `/usr/bin/${name}` : undefined);

  it.each([
    [['dpkg-query', 'apt-get', 'rpm'], 'apt'],
    [['rpm', 'dnf', 'yum'], 'dnf'],
    [['rpm', 'yum'], 'yum'],
    [['rpm', 'zypper', 'dnf'], 'zypper'],
    [['rpm'], undefined],
    [['apt-get'], undefined],
  ])('is found by its programs %j', async (programs, name) => {
    expect(await chooseProvider({}, on(...programs))).toBe(name);
  });

  it('is the one of the settings', async () => {
    expect(await chooseProvider({ provider: 'yum' }, on('rpm', 'dnf', 'yum'))).toBe('yum');
  });
});

describe('parts of a Debian version', () => {
  it.each([
    ['2.10-3', { epoch: 0, version: '2.10', release: '3' }],
    ['1:4.13+dfsg1-1+deb12u1', { epoch: 1, version: '4.13+dfsg1', release: '1+deb12u1' }],
    ['7', { epoch: 0, version: '7' }],
    ['2:1.0-rc1-2', { epoch: 2, version: '1.0-rc1', release: '2' }],
  ])('%s', (full, parts) => {
    expect(versionParts(full)).toEqual(parts);
  });
});

describe('what apt prints', () => {
  it('of upgrades: several sources, another architecture, new packages', () => {
    expect(
      parseUpgrades(`Calculating upgrade...
Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Inst libc6:i386 [2.36-9] (2.36-9+deb12u14 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [i386]) []
Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian-Security:12/oldstable-security [amd64])
Remv old [1.0]
Conf base-files (12.4+deb12u15 Debian:12.15/oldstable [amd64])
`),
    ).toEqual([
      {
        package: 'base-files',
        version: '12.4+deb12u15',
        installed: '12.4+deb12u11',
        repo: 'Debian:12.15/oldstable',
      },
      {
        package: 'libc6:i386',
        version: '2.36-9+deb12u14',
        installed: '2.36-9',
        repo: 'Debian:12.15/oldstable, Debian-Security:12/oldstable-security',
      },
    ]);
  });

  it('of available versions, sources left out', () => {
    expect(
      parseMadison(`     hello |     2.10-3 | http://deb.example.com/debian bookworm/main amd64 Packages
     hello |     2.10-3 | http://deb.example.com/debian bookworm/main Sources
`),
    ).toEqual([
      { package: 'hello', version: '2.10-3', arch: 'amd64', repo: 'http://deb.example.com/debian bookworm/main' },
    ]);
  });
});

describe('globs', () => {
  it.each([
    ['hello', 'hello', true],
    ['hello', 'hello2', false],
    ['hel*', 'hello', true],
    ['*lo', 'hello', true],
    ['h?llo', 'hello', true],
    ['h?', 'hello', false],
    ['*l*l*', 'hello', true],
    ['*x*', 'hello', false],
    ['*', '', true],
    ['?', '', false],
    ['lib.*', 'libc6', false],
  ])('%s on %s: %s', (pattern, name, fits) => {
    expect(fitsGlob(pattern, name)).toBe(fits);
  });

  it('say what the same regular expression says', () => {
    const text = (letters: string, maxLength: number) =>
      fc.string({ unit: fc.constantFrom(...letters.split('')), maxLength });
    fc.assert(
      fc.property(text('ab*?', 8), text('ab', 10), (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(fitsGlob(pattern, name)).toBe(expression.test(name));
      }),
    );
  });
});
