import { describe, expect, it } from 'vitest';
import { planLines } from '../../../../src/main/cli/plan-text.ts';
import { tinyPlan } from '../../../support/plans.ts';

describe('a plan for people', () => {
  const plan = tinyPlan({ experiments: [{}, {}] });

  it('says that nothing was measured yet, at every figure and in all', () => {
    const lines = planLines(plan);
    expect(lines[0]).toMatch(/index +experiment/);
    expect(lines.slice(1, 3).map((line) => line.match(/≈/g)?.length)).toEqual([2, 2]);
    expect(lines.join('\n')).toMatch(
      /2 experiments to run.*, estimated: none of them was measured here yet\./,
    );
  });

  it('gives what was measured without a sign', () => {
    const [first, ...others] = plan.experiments;
    if (first === undefined) throw new Error('The plan is empty.');
    const measured = { ...first, estimate: { ...first.estimate, source: 'measured' as const } };
    const lines = planLines({ ...plan, experiments: [measured, ...others] });
    expect(lines[1]).not.toContain('≈');
    expect(lines[2]).toContain('≈');
    expect(lines.join('\n')).not.toContain('estimated:');
  });
});
