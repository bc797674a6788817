import { describe, expect, it } from 'vitest';
import {
  copiedFiles,
  copyProblem,
  remoteFolder,
  rsyncArguments,
} from '../../../../src/shared/domain/remote-folder.ts';

const place = { host: 'me@studio', path: 'Minibatch' };

function sentence(exitCode: number | null, stderr: string): string {
  return copyProblem(place, { exitCode, stderr }).message;
}

describe('remoteFolder', () => {
  it.each([
    ['me@studio:Minibatch', { host: 'me@studio', path: 'Minibatch' }],
    ['studio:', { host: 'studio', path: '' }],
    ['studio:~/Minibatch', { host: 'studio', path: 'Minibatch' }],
    ['studio:~', { host: 'studio', path: '' }],
    ['me@10.0.0.7:/data/läufe/a_1', { host: 'me@10.0.0.7', path: '/data/läufe/a_1' }],
    ['[fe80::1]:x', { host: '[fe80::1]', path: 'x' }],
    ['me@[::1]:x', { host: 'me@[::1]', path: 'x' }],
  ])('reads %s', (text, found) => expect(remoteFolder(text)).toEqual(found));

  it.each(['Minibatch', './a:b', '/tmp/a:b', ':x', ''])('takes %j for a folder of this machine', (text) =>
    expect(remoteFolder(text)).toBeNull(),
  );

  it.each([
    ['-oProxyCommand=x:y', /"-oProxyCommand=x" is no name of a machine/],
    ['a b:c', /"a b" is no name of a machine/],
    ['-l@host:c', /no name of a machine/],
    ['me@-host:c', /no name of a machine/],
    ['host:a b', /The folder "a b" on host has blanks/],
    ['host:$(reboot)', /has blanks or signs/],
    ['host:a;b', /has blanks or signs/],
    ['host:a\nb', /has blanks or signs/],
    ['host:-a', /has blanks or signs/],
    ['host:~other/a', /has blanks or signs/],
    ['host:🚀', /has blanks or signs/],
  ])('refuses %j', (text, message) => expect(() => remoteFolder(text)).toThrow(message));
});

describe('what rsync is told', () => {
  it('asks nothing, follows no link, and ends what is silent', () => {
    const words = rsyncArguments(place, '/w/fetched', false);
    expect(words.slice(0, 6)).toEqual([
      ...['-rtz', '-v', '--inplace', '--timeout=60', '-e'],
      'ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4',
    ]);
    expect(words.slice(-3)).toEqual(['--', 'me@studio:Minibatch/', '/w/fetched/']);
    expect(words).toContain('--exclude=checkpoint/');
    expect(words).not.toContain('--dry-run');
    expect(rsyncArguments({ host: 'h', path: '' }, '/t', true)).toEqual(
      expect.arrayContaining(['--dry-run', 'h:./']),
    );
  });

  it('is counted from what it prints', () => {
    const printed = `receiving incremental file list
created directory /w/fetched
./
batches/
batches/a/result.json
batches/a/events.jsonl
skipping non-regular file "link"

sent 10 bytes  received 20 bytes  60.00 bytes/sec
total size is 5  speedup is 0.1
`;
    expect(copiedFiles(printed)).toEqual({ files: 2, results: 1 });
    expect(copiedFiles('')).toEqual({ files: 0, results: 0 });
  });
});

describe('copyProblem', () => {
  it.each([
    [
      255,
      'Host key verification failed.',
      /me@studio is not known to this machine\. Connect once by hand with "ssh me@studio"/,
    ],
    [
      255,
      '@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.',
      /is another than before/,
    ],
    [
      255,
      'me@studio: Permission denied (publickey,password).',
      /does not take a key of yours.*ssh-copy-id me@studio/,
    ],
    [
      255,
      'ssh: Could not resolve hostname studio: Name or service not known',
      /There is no machine me@studio/,
    ],
    [
      255,
      'ssh: connect to host studio port 22: Connection refused',
      /does not answer \(ssh: connect to host studio port 22: Connection refused\)/,
    ],
    [255, 'client_loop: send disconnect: Broken pipe', /was cut\. What was fetched stays/],
    [12, 'rsync: connection unexpectedly closed (8 bytes received so far)', /was cut/],
    [30, '[receiver] io timeout after 60 seconds -- exiting', /was cut/],
    [null, '', /was cut, or took too long/],
    [127, 'bash: line 1: rsync: command not found', /rsync is not installed on me@studio/],
    [12, 'zsh:1: command not found: rsync', /rsync is not installed on me@studio/],
    [
      12,
      'sh: 1: rsync: not found\nrsync: connection unexpectedly closed',
      /rsync is not installed on me@studio/,
    ],
    [
      14,
      'rsync: [Receiver] Failed to exec ssh: No such file or directory (2)',
      /ssh is not installed on this machine/,
    ],
    [
      23,
      'rsync: [sender] change_dir "/home/me/Minibatch" failed: No such file or directory (2)',
      /There is no folder Minibatch on me@studio/,
    ],
    [11, 'rsync: write failed on "/w/x": No space left on device (28)', /The disk of the workspace is full/],
    [
      23,
      'rsync: [sender] send_files failed to open "/x": Permission denied (13)\nrsync error: some files',
      /exit code 23: rsync: \[sender\] send_files failed to open "\/x": Permission denied \(13\)\)/,
    ],
    [5, '', /exit code 5: it said nothing/],
  ])('tells %s, %j', (code, stderr, message) => expect(sentence(code, stderr)).toMatch(message));
});
