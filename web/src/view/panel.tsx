import type { ComponentChildren } from "preact";

export interface PanelProps {
  class: string;
  label: string;
  /** What stands at the right end of the bar. */
  aside?: ComponentChildren;
  /** What stands in the bar instead of the label. */
  bar?: ComponentChildren;
  children: ComponentChildren;
}

/** A framed part of the page with a bar on top. */
export function Panel({ class: name, label, aside, bar, children }: PanelProps) {
  return (
    <section class={`panel ${name}`} aria-label={label}>
      <div class="bar">
        {bar ?? <h2>{label}</h2>}
        {aside !== undefined && <div class="aside">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

export interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { id: T; title: string }[];
  value: T;
  onChange: (id: T) => void;
}

/** Tabs of a panel: arrows choose, as everywhere. */
export function Tabs<T extends string>({ label, tabs, value, onChange }: TabsProps<T>) {
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = tabs.findIndex((t) => t.id === value);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChange(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} tabIndex={-1} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`tab-${tab.id}`}
          aria-selected={tab.id === value}
          aria-controls={`view-${tab.id}`}
          tabIndex={tab.id === value ? 0 : -1}
          onClick={() => onChange(tab.id)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  );
}
