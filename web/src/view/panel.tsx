import type { Signal } from "@preact/signals";
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
    <>
      <h2 class="unseen">{label}</h2>
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
    </>
  );
}

export interface TabPanelProps<T extends string> extends Omit<PanelProps, "bar"> {
  tabs: readonly { id: T; title: string }[];
  /** Which tab is open; if it isn't among the tabs, the first one is. */
  signal: Signal<T>;
  /** What stands above, whichever tab is open. */
  top?: ComponentChildren;
}

/** A panel with tabs in its bar, and below what the open one shows. */
export function TabPanel<T extends string>({ tabs, signal, top, children, ...panel }: TabPanelProps<T>) {
  const tab = (tabs.find(({ id }) => id === signal.value) ?? tabs[0])?.id;
  if (tab === undefined) return null;
  const bar = (
    <Tabs
      label={panel.label}
      tabs={tabs}
      value={tab}
      onChange={(id) => {
        signal.value = id;
      }}
    />
  );
  return (
    <Panel {...panel} bar={bar}>
      {top}
      <div class="view" id={`view-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {children}
      </div>
    </Panel>
  );
}
