// @vitest-environment jsdom
import '../../../test/components/dom.ts';
import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import ProxyBench from '../../../test/components/ProxyBench.svelte';

const url = 'https://proxy.example.com:3129';
const places = () =>
  screen.getAllByRole('listitem').map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim());

it('says that there is no proxy', () => {
  render(ProxyBench, { proxy: null });
  expect(screen.getByText('None: everything is reached directly.')).toBeDefined();
});

it('shows the proxy, who logs in there, and what is reached directly', () => {
  render(ProxyBench, { proxy: { url, username: 'muster', except: ['.corp.example.com', '10.1.2.3', '10.1.2.3'] } });
  const direct = ['.corp.example.com', '10.1.2.3', '10.1.2.3'].map((server) => `Directly ${server}`);
  expect(places()).toEqual([`Proxy ${url}`, 'User muster', ...direct]);
  expect(screen.getByRole('button', { name: 'Copy: Proxy' })).toBeDefined();
});

it('names nobody where nobody logs in', () => {
  render(ProxyBench, { proxy: { url, username: null, except: [] } });
  expect(places()).toEqual([`Proxy ${url}`]);
});
