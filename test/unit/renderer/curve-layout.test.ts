import { describe, expect, it } from 'vitest';
import { curveHeight } from '../../../src/renderer/views/batch/curve-layout.ts';

describe('the height of curves', () => {
  it.each([
    ['one fills the room', { width: 1100, height: 150 }, 1, 110],
    ['three beside each other do', { width: 1100, height: 150 }, 3, 110],
    ['two rows share it', { width: 640, height: 400 }, 4, 155],
    ['more than fit are as high as one, and are scrolled to', { width: 640, height: 200 }, 9, 160],
    ['none is lower than what can be read', { width: 640, height: 60 }, 1, 92],
    ['none is higher than a glance takes in', { width: 1100, height: 1200 }, 2, 300],
  ])('%s', (_what, room, count, height) => expect(curveHeight(room, count)).toBe(height));
});
