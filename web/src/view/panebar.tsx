import { presenter } from "../state/theme";
import { type Pane, pane } from "../state/view";
import { PageMenu, type PageMenuProps } from "./pagemenu";

const panes: readonly { id: Pane; title: string }[] = [
  { id: "main", title: "Cluster" },
  { id: "timeline", title: "Timeline" },
  { id: "inside", title: "Logs" },
  { id: "store", title: "Store" },
  { id: "console", title: "Console" },
];

/** On a phone and in a lecture hall, which part of the page is shown; elsewhere all of them are, and the bar is hidden. The presenter theme has no header, so the page menu is here. */
export function PaneBar({ player, onHelp }: PageMenuProps) {
  return (
    <nav class="panes" aria-label="Parts of the page">
      {panes.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          aria-current={pane.value === id ? "true" : undefined}
          onClick={() => {
            pane.value = id;
          }}
        >
          {title}
        </button>
      ))}
      {presenter.value && <PageMenu player={player} onHelp={onHelp} />}
    </nav>
  );
}
