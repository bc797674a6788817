import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalog, type Workload } from '../../../../src/main/workloads/catalog.ts';
import { describeWorkload } from '../../../../src/main/workloads/describe.ts';
import { failureOf } from '../../../support/expected.ts';
import { createWorkloadFolder, testPython, type WorkloadFolder } from '../../../support/tiny-workload.ts';

let workloads: WorkloadFolder;
let workload: Workload;
beforeEach(async () => {
  workloads = createWorkloadFolder();
  workload = await createCatalog({ folder: workloads.folder }).find('tiny');
});
afterEach(() => workloads.remove());

function ask(script?: string, options = { widths: [4], epochs: 3 }) {
  if (script !== undefined) workloads.write('tiny', { 'describe.py': script });
  return describeWorkload({ workload, python: testPython, options, seed: 42 });
}

describe('describeWorkload', () => {
  it('reads what the script prints, with defaults', async () => {
    expect(await ask()).toEqual({
      experiments: [
        {
          index: 4,
          name: 'width 4',
          parameters: { width: 4, epochs: 3 },
          facts: { parameterCount: 12 },
          estimate: { memoryMb: 100, seconds: 12 },
          phase: 'main',
          queue: 'main',
        },
      ],
      notes: ['Numbers only.'],
    });
  });

  it('passes options and seed as JSON, and finds modules beside the script', async () => {
    workloads.write('tiny', { 'beside.py': 'def name(text): return f"{text} ü"\n' });
    const script = `import json, sys, beside
asked = json.load(sys.stdin)
print(json.dumps({"experiments": [], "notes": [beside.name(json.dumps(asked, sort_keys=True))]}))`;
    expect((await ask(script)).notes).toEqual(['{"options": {"epochs": 3, "widths": [4]}, "seed": 42} ü']);
  });

  it('passes on the sentence of a script that refuses', async () => {
    expect(await failureOf('usage', () => ask(undefined, { widths: [13], epochs: 1 }))).toBe(
      'Width 13 brings bad luck; leave it out.',
    );
  });

  it.each<[string, string, RegExp]>([
    [
      'crashes',
      'raise ValueError("no such table")',
      /exit code 1 of ".*describe\.py": .*ValueError: no such table/s,
    ],
    ['prints no JSON', 'print("hello")', /printed no JSON: hello$/],
    [
      'prints the wrong thing',
      'print(\'{"experiments": [{"index": -1}]}\')',
      /wrong value at "experiments\.0\.index"/,
    ],
    [
      'prints an index twice',
      `print('{"experiments": [' + ','.join('{"index": 1, "name": "%s", "parameters": {}, "estimate": {"memoryMb": 1, "seconds": 1}}' % name for name in "ab") + ']}')`,
      /"a" and "b" both have the index 1/,
    ],
  ])('says what is wrong with a script that %s', async (_, script, expected) => {
    const sentence = await failureOf('workload-invalid', () => ask(script));
    expect(sentence).toMatch(/^The workload "tiny" cannot describe its experiments: /);
    expect(sentence).toMatch(expected);
  });

  it('names an interpreter that is not there', async () => {
    const python = join(workloads.folder, 'no-python');
    const sentence = await failureOf('workload-invalid', () =>
      describeWorkload({ workload, python, options: {}, seed: 1 }),
    );
    expect(sentence).toContain(python);
  });
});
