import { useEffect, useRef, useState } from 'react';
import { useApp, useAppState } from '../../app-context.ts';
import type { RunKey } from '../../live/log-feed.ts';
import { openRunTerminal, type RunTerminal } from '../../live/terminal.ts';
import { shownTheme } from '../../state/ui-slice.ts';
import { useSize } from '../../widgets/use-size.ts';

interface TerminalPanelProps {
  readonly run: RunKey;
  readonly name: string;
  readonly live: boolean;
}

/** The run's own terminal, to type into: for `breakpoint()` and programs that ask. */
export function TerminalPanel(props: TerminalPanelProps) {
  // The emulator keeps the colours it was opened with, so another theme means another emulator.
  const theme = useAppState(shownTheme);
  return <Emulator key={theme} {...props} />;
}

function Emulator({ run, name, live }: TerminalPanelProps) {
  const { connection } = useApp();
  const [box, { height }] = useSize<HTMLDivElement>();
  const terminal = useRef<RunTerminal | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { batch, index, attempt } = run;

  useEffect(() => {
    if (!box.current) return;
    const opened = openRunTerminal({
      connection,
      run: { batch, index, attempt },
      element: box.current,
      onProblem: setProblem,
    });
    terminal.current = opened;
    return () => opened.close();
  }, [box, connection, batch, index, attempt]);

  useEffect(() => {
    if (height > 0) terminal.current?.resize();
  }, [height]);

  return (
    <div className="terminal">
      <p className={problem ? 'field-error terminal-word' : 'quiet small terminal-word'} role="status">
        {problem ??
          (live
            ? 'What you type goes to this run: answer its questions, or step through breakpoint(). Control-C interrupts it.'
            : 'This run has ended. Its terminal can be read, but nobody listens any more.')}
      </p>
      <div ref={box} className="terminal-box" role="group" aria-label={`Terminal of ${name}`} />
    </div>
  );
}
