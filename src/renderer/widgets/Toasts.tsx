import { useEffect } from 'react';
import { useApp, useAppState } from '../app-context.ts';
import type { Notice } from '../state/ui-slice.ts';
import { Button } from './Button.tsx';

/** An information goes by itself after this long, in milliseconds; warnings and errors stay. */
const INFO_STAYS = 8_000;

/** What the core or a refused action has to say, in the corner. */
export function Toasts() {
  const notices = useAppState((state) => state.notices);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Toast({ notice }: { notice: Notice }) {
  const { store } = useApp();
  useEffect(() => {
    if (notice.level !== 'info') return;
    const timer = setTimeout(() => store.getState().noticeDismissed(notice.id), INFO_STAYS);
    return () => clearTimeout(timer);
  }, [notice, store]);
  return (
    <div className="toast" data-level={notice.level}>
      <p>{notice.text}</p>
      <Button kind="ghost" small label="Dismiss" onClick={() => store.getState().noticeDismissed(notice.id)}>
        ✕
      </Button>
    </div>
  );
}
