import { useEffect, useRef } from 'react';
import { useApp, useAppState } from '../app-context.ts';
import { runConfirmed } from '../commands.ts';
import { Button } from './Button.tsx';

/** The question before something that cannot be taken back at once. Escape means no. */
export function Confirm() {
  const question = useAppState((state) => state.question);
  const { store, actions } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (question) dialog.current?.showModal();
  }, [question]);

  if (!question) return null;
  const close = (): void => store.getState().asked(null);
  return (
    <dialog ref={dialog} className="confirm" aria-label={question.title} onClose={close}>
      <h3>{question.title}</h3>
      <p>{question.sentence}</p>
      <div className="confirm-actions">
        <Button onClick={close}>Keep as it is</Button>
        <Button
          kind="danger"
          onClick={() => {
            close();
            runConfirmed(question.command, store.getState(), actions);
          }}
        >
          {question.answer}
        </Button>
      </div>
    </dialog>
  );
}
