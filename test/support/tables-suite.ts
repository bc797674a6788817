import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Three learning rates, two optimizers, three seeds; the loss has its best before the end, and one learning rate with one optimizer fails. */
const SUITE = `name: rates
command: python rates.py {arguments}
parameters: {epochs: 9, hidden: [32, 16]}
sweep:
  grid:
    lr: [0.001, 0.01, 0.1]
    optimizer: [adam, "sgd, plain"]
seeds: [1, 2, 3]
resources: {memoryMb: 40, seconds: 1}
metrics:
  main: val/loss
  csv: [log.csv]
`;

const SCRIPT = `import argparse, csv
parser = argparse.ArgumentParser()
for name in ["epochs", "lr", "optimizer", "seed"]:
    parser.add_argument("--" + name)
parser.add_argument("--hidden", nargs="*")
args = parser.parse_args()
lr, seed = float(args.lr), int(args.seed)
with open("log.csv", "w", newline="") as file:
    log = csv.writer(file)
    log.writerow(["step", "val/loss", "val/accuracy"])
    for step in range(int(args.epochs)):
        loss = lr + seed / 1000 + (step - 4) ** 2 / 100
        log.writerow([step, f"{loss:.6f}", f"{1 - loss / 2:.6f}"])
if lr == 0.1 and args.optimizer == "adam":
    raise SystemExit("the loss is not finite")
`;

/** Writes the suite into a folder of its own; returns its path. */
export function writeRatesSuite(): { readonly folder: string; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'minibatch-rates-'));
  const path = join(folder, 'rates.minibatch.yaml');
  writeFileSync(path, SUITE);
  writeFileSync(join(folder, 'rates.py'), SCRIPT);
  return { folder, path };
}
