import { type ProgramResult, type RunProgram } from '../../../../src/main/platform/process-runner.ts';
import { macFixture } from './mac-fixtures.ts';

/** How each program of the pretended Mac behaves: its output, or a result of another kind. */
export type Answers = Record<string, string | ProgramResult | Promise<ProgramResult> | (() => string)>;

export function ended(stdout: string): ProgramResult {
  return { kind: 'ended', exitCode: 0, stdout, stderr: '' };
}

export const missing: ProgramResult = {
  kind: 'not-started',
  reason: 'not installed',
  stdout: '',
  stderr: '',
};

/** Runs nothing: answers by the name of the program, for ioreg and sysctl by what is asked as well. */
export function fakeMac(answers: Answers): RunProgram {
  return async (command, args) => {
    const name = command.slice(command.lastIndexOf('/') + 1);
    const detail = args.find(
      (arg) => arg.startsWith('AGX') || arg.startsWith('IOAcc') || arg === 'vm.swapusage',
    );
    const answer = answers[`${name} ${detail ?? ''}`.trim()] ?? missing;
    if (typeof answer === 'function') return ended(answer());
    return typeof answer === 'string' ? ended(answer) : answer;
  };
}

/** An M4 with everything in order, from recorded outputs. */
export function healthyMac(): Answers {
  return {
    sysctl: `hw.model: Mac16,10\nhw.nperflevels: 2\nhw.perflevel0.logicalcpu: 4\nhw.perflevel1.logicalcpu: 6\n${macFixture('sysctl-m4-24gb-macos26.5.txt')}`,
    'sysctl vm.swapusage': macFixture('sysctl-memory-m4-24gb-under-pressure.txt'),
    'ioreg AGXAccelerator': macFixture('ioreg-ioaccelerator-m4.txt'),
    'ioreg IOAccelerator': macFixture('ioreg-ioaccelerator-m4.txt'),
    'ioreg AGXDeviceUserClient': macFixture('ioreg-agxdeviceuserclient-m2pro-trimmed.txt'),
    sw_vers: macFixture('sw_vers-m4-mini-macos26.3.txt'),
    vm_stat: macFixture('vm_stat-m1pro-macos15.7.txt'),
    pmset: macFixture('pmset-g-custom-m4-mini-macos26.3.txt'),
    notifyutil: 'com.apple.system.thermalpressurelevel 1\n',
    ps: '  440     1   4:30.39  30544 /System/WindowServer\n31299   440   0:10.00  99 /opt/python3.12\n 50 1 0:01.00 9 /bin/other\n',
    top: 'PID    #TH  MEM\n440    12/1 503M \n31299  5    2G+  \n',
  };
}
