import { useEffect, useState } from 'react';

/** Takes a file that is dropped anywhere on the window; says so while one is held over it. */
export function DropTarget({ words, onDrop }: { words: string; onDrop: (file: File) => void }) {
  const [over, setOver] = useState(false);

  useEffect(() => {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    addEventListener(
      'dragover',
      (event) => {
        if (!holdsFiles(event)) return;
        // Without this the browser would leave the page and show the file.
        event.preventDefault();
        setOver(true);
      },
      options,
    );
    addEventListener(
      'dragleave',
      (event) => {
        // Leaving one element for another inside the window is no leaving.
        if (event.relatedTarget === null) setOver(false);
      },
      options,
    );
    addEventListener(
      'drop',
      (event) => {
        setOver(false);
        if (!holdsFiles(event)) return;
        event.preventDefault();
        const file = event.dataTransfer?.files[0];
        if (file) onDrop(file);
      },
      options,
    );
    return () => stop.abort();
  }, [onDrop]);

  return over ? (
    <div className="drop-target" role="status">
      <p>{words}</p>
    </div>
  ) : null;
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
