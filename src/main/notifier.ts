import { Notification } from 'electron';
import type { EndedBatch } from './ended-batch.ts';

export interface Notifier {
  show(ended: EndedBatch): void;
  close(): void;
}

/** Tells the person through the system that a batch has ended; a click opens it. */
export function createNotifier(openBatch: (batch: string) => void): Notifier {
  // One that nobody holds on to is collected, and its click goes nowhere.
  const shown = new Set<Notification>();
  return {
    show({ batch, title, body }) {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      shown.add(notification);
      notification.on('click', () => {
        shown.delete(notification);
        openBatch(batch);
      });
      notification.on('close', () => shown.delete(notification));
      notification.show();
    },
    close() {
      for (const notification of shown) notification.close();
      shown.clear();
    },
  };
}
