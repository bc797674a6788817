import { expect, it } from 'vitest';
import { shortFailure } from '../../../src/renderer/views/setup/setup-words.ts';

it('a failed preparation is told by what failed and the way out', () => {
  const sentence =
    'Installing torch failed (exit code 1). The command was: uv pip install x\nCollecting\nERROR: no\nWhat was there before is unchanged. Try again, or name a Python that has torch with --python.';
  expect(shortFailure(sentence)).toBe(
    'Installing torch failed (exit code 1). What was there before is unchanged. Try again, or choose one that has torch.',
  );
  expect(shortFailure('The disk is full.')).toBe('The disk is full.');
});
