import type { ProfileHandlers, ProfileList } from '@muster/protocol/bridge';
import { fail, ok } from '@muster/protocol/errors';

/** The fleets of a person, as a host keeps them; at first the one that everybody has. */
export class FakeFleets {
  list: ProfileList = {
    profiles: [{ name: 'default', home: '/home/alice/.config/muster', colour: 'none', isSetUp: true }],
    present: 'default',
    here: 'default',
    home: '/home/alice/.config/muster',
    unnamedHome: null,
  };
  /** What was opened, in this order. */
  readonly opened: (string | null)[] = [];

  handlers(): ProfileHandlers {
    const done = () => Promise.resolve(ok({}));
    const unknown = (name: string) => Promise.resolve(fail('profile.unknown', `There is no profile "${name}"`));
    const has = (wanted: string) => this.list.profiles.some(({ name }) => name === wanted);
    return {
      'profiles.list': () => Promise.resolve(ok(this.list)),
      'profiles.add': ({ name, colour, home = `/home/alice/.config/muster/profiles/${name}` }) => {
        if (has(name)) return Promise.resolve(fail('profile.taken', `There is a profile "${name}" already`));
        this.list = { ...this.list, profiles: [...this.list.profiles, { name, colour, home, isSetUp: false }] };
        return done();
      },
      'profiles.change': ({ name, newName = name, colour }) => {
        if (!has(name)) return unknown(name);
        const profiles = this.list.profiles.map((profile) =>
          profile.name === name ? { ...profile, name: newName, colour: colour ?? profile.colour } : profile,
        );
        const renamed = (one: string | null) => (one === name ? newName : one);
        this.list = {
          ...this.list,
          profiles,
          here: renamed(this.list.here),
          present: this.list.present === name ? newName : this.list.present,
        };
        return done();
      },
      'profiles.use': ({ name }) => {
        if (!has(name)) return unknown(name);
        this.list = { ...this.list, present: name };
        return done();
      },
      'profiles.remove': ({ name }) => {
        this.list = { ...this.list, profiles: this.list.profiles.filter((profile) => profile.name !== name) };
        return done();
      },
      'profiles.open': ({ name }) => {
        if (name !== null && !has(name)) return unknown(name);
        this.opened.push(name);
        return Promise.resolve(ok({ session: `session of ${name ?? 'the first'}` }));
      },
    };
  }
}
