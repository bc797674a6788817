import { describe, expect, it } from 'vitest';
import { countJunit, countVitest } from '../../../scripts/lib/stages.mjs';

describe('countVitest', () => {
  it('counts tests, and a file that could not be loaded as a failure', () => {
    const found = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 0,
      testResults: [
        { status: 'failed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{}] },
      ],
    };
    expect(countVitest(JSON.stringify(found))).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });
});

describe('countJunit', () => {
  it('adds up suites', () => {
    const xml = `<testsuites name="pytest tests"><testsuite name="a" errors="1" failures="2" skipped="1" tests="10" time="1">
      </testsuite><testsuite name="b" errors="0" failures="0" skipped="0" tests="5"></testsuite></testsuites>`;
    expect(countJunit(xml)).toEqual({ passed: 11, failed: 3, skipped: 1 });
  });
});
