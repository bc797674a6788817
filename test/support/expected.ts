import { expect } from 'vitest';
import { type ErrorCode, ExpectedError } from '../../src/shared/model/error.ts';

/** The sentence of the expected failure that an action ends with; fails when it has another code or none comes. */
export async function failureOf(code: ErrorCode, action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    if (error instanceof ExpectedError) {
      expect(error.code, error.message).toBe(code);
      return error.message;
    }
  }
  return expect.fail(`No ${code} failure came.`);
}

/** The same for a synchronous `usage` failure. */
export function usageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'usage') return error.message;
    throw error;
  }
  return expect.fail('No usage failure came.');
}
