import { useState } from 'react';
import { Panel } from './Panel.tsx';

export interface MenuItem {
  readonly title: string;
  readonly hint?: string;
  readonly run: () => void;
}

interface MenuProps {
  readonly title: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly kind?: 'primary' | 'ghost';
  readonly small?: boolean;
  readonly tool?: string;
}

/** A button that offers several things to do. */
export function Menu({ title, label, items, ...rest }: MenuProps) {
  const [open, setOpen] = useState(false);
  return (
    <Panel title={title} label={label} open={open} onOpen={setOpen} role="menu" {...rest}>
      {items.map((item) => (
        <button
          key={item.title}
          type="button"
          role="menuitem"
          onClick={() => {
            setOpen(false);
            item.run();
          }}
        >
          <span>{item.title}</span>
          {item.hint ? <span className="tiny quiet">{item.hint}</span> : null}
        </button>
      ))}
    </Panel>
  );
}
