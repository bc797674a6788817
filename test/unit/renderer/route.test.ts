import { describe, expect, it } from 'vitest';
import { hashOf, type Route, routeOf } from '../../../src/renderer/state/route.ts';

const routes: readonly Route[] = [
  { screen: 'launch', workload: null, preset: null },
  { screen: 'launch', workload: 'hex', preset: 'quick' },
  { screen: 'batches' },
  { screen: 'batch', batch: '20261123-a/b ?', run: 0, attempt: 2, tab: 'curves' },
  { screen: 'results', workload: 'hex', batch: null, plot: 'box' },
  { screen: 'results', workload: 'command', batch: 'b', plot: 'scatter', group: 'act & x', x: 'lr' },
  { screen: 'results', workload: 'command', batch: null, plot: 'box', metric: 'loss/val & 2', value: 'best' },
  { screen: 'results', workload: 'command', batch: null, suite: 'rates', plot: 'curves' },
  { screen: 'machine', range: 3_600 },
];

describe('an address', () => {
  it('leads back to the screen it was made for', () => {
    expect(routes.map((route) => routeOf(hashOf(route)))).toEqual(routes);
  });

  it('of rubbish leads to a screen all the same', () => {
    expect(routeOf('')).toEqual({ screen: 'launch', workload: null, preset: null });
    expect(routeOf('#/batch/')).toEqual({ screen: 'batches' });
    expect(routeOf('#/batch/a?run=-1&tab=x&attempt=1.5')).toEqual({
      screen: 'batch',
      batch: 'a',
      run: null,
      attempt: null,
      tab: 'log',
    });
    expect(routeOf('#/machine?range=7')).toEqual({ screen: 'machine', range: 300 });
  });
});
