import type { ComponentChild } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface Tab {
  readonly name: string;
  readonly content: () => ComponentChild;
}

/** Tabs by the pattern of the ARIA practices: one stop for the Tab key, arrows, Home and End between them. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const current = Math.min(chosen, tabs.length - 1);

  const move = (event: KeyboardEvent): void => {
    const last = tabs.length - 1;
    const targets: Record<string, number> = {
      ArrowLeft: current === 0 ? last : current - 1,
      ArrowRight: current === last ? 0 : current + 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    setChosen(target);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[target]?.focus();
  };
  return (
    <div class="card tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab, index) => (
          <button
            key={tab.name}
            type="button"
            role="tab"
            id={`tab-${index}`}
            aria-selected={index === current}
            aria-controls="tab-panel"
            tabIndex={index === current ? 0 : -1}
            onClick={() => setChosen(index)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${current}`}>
        {tabs[current]?.content()}
      </div>
    </div>
  );
}
