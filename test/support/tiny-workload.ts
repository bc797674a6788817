import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The interpreter of the test run; any Python will do where only the standard library is used. */
export const testPython = process.env.MINIBATCH_PYTHON ?? 'python3';

export const tinyManifest = `name: tiny
title: Tiny
version: 1
summary: Adds numbers.
options:
  - {name: widths, type: integer-list, default: [1, 2, 3], min: 1, max: 1000, help: Widths to try.}
  - {name: epochs, type: integer, default: 10, min: 1, max: 100, help: Passes.}
presets:
  - {name: quick, title: Quick, summary: The small ones., options: {widths: [1, 2]}}
  - {name: wide, title: Wide, summary: The wide ones., options: {widths: [10, 20, 30]}}
`;

/** One experiment for each width, its index; a second is needed for each epoch and width. */
export const tinyDescribe = `import json, sys
asked = json.load(sys.stdin)
options = asked["options"]
if 13 in options["widths"]:
    print("Width 13 brings bad luck; leave it out.", file=sys.stderr)
    sys.exit(2)
print(json.dumps({"experiments": [{
    "index": width, "name": f"width {width}",
    "parameters": {"width": width, "epochs": options["epochs"]},
    "facts": {"parameterCount": width * 3},
    "estimate": {"memoryMb": 100, "seconds": width * options["epochs"]},
} for width in options["widths"]], "notes": ["Numbers only."]}))
`;

export interface WorkloadFolder {
  /** Folder that holds the workloads. */
  readonly folder: string;
  write(workload: string, files: Readonly<Record<string, string>>): void;
  remove(): void;
}

/** A folder of workloads of its own, with `tiny` in it. */
export function createWorkloadFolder(): WorkloadFolder {
  const folder = mkdtempSync(join(tmpdir(), 'minibatch-workloads-'));
  const made: WorkloadFolder = {
    folder,
    write(workload, files) {
      mkdirSync(join(folder, workload), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, workload, name), text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  made.write('tiny', {
    'manifest.yaml': tinyManifest,
    'describe.py': tinyDescribe,
    'train.py': 'def main(run): pass\n',
  });
  return made;
}
