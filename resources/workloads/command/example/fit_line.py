"""The included example: fits a line to noisy points by gradient descent. A plain script that knows nothing of Minibatch."""

import argparse
import json
import os
import random
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--lr", type=float, default=0.03, help="step size")
parser.add_argument("--seed", type=int, default=0, help="seed of the points")
parser.add_argument("--steps", type=int, default=200, help="steps of gradient descent")
options = parser.parse_args()

points = random.Random(options.seed)
data = [(x, 2.0 * x - 1.0 + points.gauss(0, 0.1)) for x in (points.uniform(-1, 1) for _ in range(100))]
step, slope, offset = 0, 0.0, 0.0
if os.path.exists("fit.json"):
    with open("fit.json", encoding="utf-8") as file:
        step, slope, offset = json.load(file)

while step < options.steps:
    errors = [(slope * x + offset - y, x) for x, y in data]
    slope -= options.lr * 2 * sum(error * x for error, x in errors) / len(data)
    offset -= options.lr * 2 * sum(error for error, _ in errors) / len(data)
    step += 1
    if step % 20 == 0:
        print(f"step {step} loss {sum(error**2 for error, _ in errors) / len(data):.6f}", flush=True)
        with open("fit.json.tmp", "w", encoding="utf-8") as file:
            json.dump([step, slope, offset], file)
        os.replace("fit.json.tmp", "fit.json")
    time.sleep(0.01)
