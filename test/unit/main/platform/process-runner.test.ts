import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureOf, runProgram } from '../../../../src/main/platform/process-runner.ts';

const node = process.execPath;
const script = (code: string): string[] => ['-e', code];

describe('a program', () => {
  it('gets its arguments as they are, without a shell', async () => {
    const strange = 'a b; echo $HOME `id` "q" \'r\'';
    const result = await runProgram(node, ['-e', 'console.log(process.argv[1])', strange], { timeout: 20 });
    expect(result).toMatchObject({ kind: 'ended', exitCode: 0, stdout: `${strange}\n` });
    expect(failureOf(result)).toBeNull();
  });

  it('gets its input and only the environment that it is given', async () => {
    const code = 'process.stdin.on("data", d => console.log(String(d), process.env.A, process.env.HOME))';
    const result = await runProgram(node, script(code), { timeout: 20, input: 'hello', env: { A: '1' } });
    expect(result.stdout).toBe('hello 1 undefined\n');
  });

  it('tells its exit code, its signal and both streams', async () => {
    const failed = await runProgram(node, script('console.error("why"); process.exit(3)'), { timeout: 20 });
    expect(failed).toEqual({ kind: 'ended', exitCode: 3, stdout: '', stderr: 'why\n' });
    expect(failureOf(failed)).toBe('exit code 3');
    const killed = await runProgram(
      node,
      script('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1e6)'),
      {
        timeout: 20,
      },
    );
    expect(killed).toMatchObject({ kind: 'killed', signal: 'SIGTERM' });
  });

  it('that does not exist or may not be run is no exception', async () => {
    expect(failureOf(await runProgram('/no/such/program', [], { timeout: 5 }))).toBe('not installed');
    expect(failureOf(await runProgram('/etc/passwd', [], { timeout: 5 }))).toBe('not executable');
    expect((await runProgram(node, ['a\0b'], { timeout: 5 })).kind).toBe('not-started');
  });

  it('is ended with all that it started when its time is over', async () => {
    const code = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' });
      console.log(child.pid); setInterval(() => {}, 1e6);`;
    const result = await runProgram(node, script(code), { timeout: 1.5 });
    expect(result.kind).toBe('timeout');
    const child = Number(result.stdout);
    expect(child).toBeGreaterThan(1);
    await expect.poll(() => isGone(child), { timeout: 5_000 }).toBe(true);
  });

  it('that prints too much is ended, and what it printed last is kept', async () => {
    const code = 'for (let i = 0; ; i++) console.log("line " + i)';
    const result = await runProgram(node, script(code), { timeout: 20, maxBuffer: 1000 });
    expect(result.kind).toBe('flooded');
    expect(Buffer.byteLength(result.stdout)).toBeLessThanOrEqual(1000);
  });

  it('may print any amount to a listener, of which the end is kept', async () => {
    let heard = 0;
    const code = 'for (let i = 0; i < 5000; i++) console.log("line " + i)';
    const result = await runProgram(node, script(code), {
      timeout: 20,
      maxBuffer: 100,
      onOutput: (text) => {
        heard += text.length;
      },
    });
    expect(result.kind).toBe('ended');
    expect(heard).toBeGreaterThan(40_000);
    expect(result.stdout.endsWith('line 4999\n')).toBe(true);
  });

  it('can be called off, before and during', async () => {
    const abort = new AbortController();
    const running = runProgram(node, script('console.log("on"); setInterval(() => {}, 1e6)'), {
      timeout: 20,
      signal: abort.signal,
      onOutput: () => abort.abort(),
    });
    expect((await running).kind).toBe('aborted');
    expect((await runProgram(node, ['-v'], { timeout: 20, signal: abort.signal })).kind).toBe('aborted');
  });
});

/** A killed process may stay as a zombie until its adoptive parent collects it. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform === 'linux' && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
