import { useEffect, useRef } from "preact/hooks";
import type { Frame } from "../engine/types";
import { stops } from "../pure/tour";
import { overlay } from "../state/overlay";
import { tour } from "../state/tour";

/** The first minute: a caption, and the one thing to press. */
export function FirstMinute({ frame }: { frame: Frame }) {
  const stop = tour.stop.value;
  const index = tour.at.value;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (stop && stop.id !== "swap") button.current?.focus({ preventScroll: true });
  }, [stop]);
  if (!stop) return null;
  return (
    <section class="tour" aria-label="The first minute" data-stop={stop.id}>
      <span class="tour-count" aria-hidden="true">
        {index + 1}/{stops.length}
      </span>
      <p class="tour-caption" role="status">
        {stop.say(frame)}
      </p>
      {stop.press !== "" ? (
        <button type="button" class="primary" ref={button} onClick={() => void tour.next()}>
          {stop.press}
        </button>
      ) : (
        <Doors />
      )}
      <button type="button" class="quiet" onClick={() => tour.end()}>
        {stop.press === "" ? "Close" : "Skip"}
      </button>
    </section>
  );
}

/** Where to go from here. */
function Doors() {
  return (
    <div class="doors">
      <button
        type="button"
        class="primary"
        onClick={() => {
          tour.end();
          overlay.value = "bugs";
        }}
      >
        Hunt a bug
      </button>
      <button
        type="button"
        class="primary"
        onClick={() => {
          tour.end();
          openChooser();
        }}
      >
        Open a scenario
      </button>
      <button
        type="button"
        class="primary"
        onClick={() => {
          tour.end();
          document.getElementById("share-button")?.click();
        }}
      >
        Share a link
      </button>
    </div>
  );
}

function openChooser(): void {
  document.querySelector<HTMLElement>("header [aria-label=Scenario]")?.focus();
}
