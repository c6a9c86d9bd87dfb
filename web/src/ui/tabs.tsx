import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

export interface Tab {
  key: string;
  title: string;
  content: () => ComponentChildren;
}

const MOVES: Record<string, (at: number, n: number) => number> = {
  ArrowRight: (at, n) => (at + 1) % n, ArrowLeft: (at, n) => (at + n - 1) % n, Home: () => 0, End: (_at, n) => n - 1,
};

/**
 * Sections one at a time, after the pattern of the WAI-ARIA Authoring Practices: one stop of the tabulator, arrows between the tabs.
 * A section is made when it is first opened and stays, hidden, so that nothing typed in it is lost.
 */
export function Tabs({ id, label, tabs, start, onOpen }: { id: string; label: string; tabs: Tab[]; start?: string; onOpen?: (key: string) => void }) {
  const [open, setOpen] = useState(tabs.some((x) => x.key === start) ? start! : tabs[0]!.key);
  const seen = useRef(new Set<string>());
  seen.current.add(open);
  const list = useRef<HTMLDivElement>(null);
  const show = (key: string): void => {
    setOpen(key);
    onOpen?.(key);
  };
  const byKey = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const next = move(tabs.findIndex((x) => x.key === open), tabs.length);
    show(tabs[next]!.key);
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <>
      <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={byKey}>
        {tabs.map((x) => (
          <button key={x.key} type="button" role="tab" id={`${id}-tab-${x.key}`} aria-controls={`${id}-${x.key}`} aria-selected={x.key === open}
            tabIndex={x.key === open ? 0 : -1} onClick={() => show(x.key)}>{x.title}</button>
        ))}
      </div>
      {tabs.map((x) => (
        <div key={x.key} role="tabpanel" id={`${id}-${x.key}`} aria-labelledby={`${id}-tab-${x.key}`} hidden={x.key !== open}>
          {seen.current.has(x.key) && x.content()}
        </div>
      ))}
    </>
  );
}
