/**
 * A pipe for encoded messages. Electron IPC, WebSocket and the in-process pair differ only here.
 * `onClose` fires once, with a sentence, when the other side is gone.
 */
export interface Transport {
  send(text: string): void;
  onMessage(listener: (text: string) => void): () => void;
  onClose(listener: (reason: string) => void): () => void;
  close(): void;
}
