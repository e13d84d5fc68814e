import type { ComponentChildren } from "preact";

// Icons are drawn here, so that they look the same whatever fonts a machine has.

/** An icon beside or instead of a word; its meaning stands in the text or label around it. */
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {children}
    </svg>
  );
}

export const Check = () => (
  <Icon>
    <path class="stroke" d="M3 8.5 6.5 12 13 4.5" />
  </Icon>
);

export const Cross = () => (
  <Icon>
    <path class="stroke" d="M4 4l8 8M12 4l-8 8" />
  </Icon>
);

export const Question = () => (
  <Icon>
    <path class="stroke" d="M5 6a3 3 0 1 1 4 2.8c-.8.4-1 .8-1 1.7" />
    <circle cx="8" cy="13" r="1.2" />
  </Icon>
);

export const Play = () => (
  <Icon>
    <path d="M4 2.5v11l9.5-5.5z" />
  </Icon>
);

export const Pause = () => (
  <Icon>
    <path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" />
  </Icon>
);

export const ToStart = () => (
  <Icon>
    <path d="M2.5 3h2v10h-2zM13.5 3v10L5.5 8z" />
  </Icon>
);

export const StepBack = () => (
  <Icon>
    <path d="M10 3v10L3 8zM11.5 3h2v10h-2z" />
  </Icon>
);

export const StepForward = () => (
  <Icon>
    <path d="M6 3v10l7-5zM2.5 3h2v10h-2z" />
  </Icon>
);

export const HalfMoon = () => (
  <Icon>
    <circle class="stroke" cx="8" cy="8" r="6" />
    <path d="M8 2a6 6 0 0 1 0 12z" />
  </Icon>
);

/** A branch that leaves another, drawn as deep as it stands in the tree. */
export function Fork({ depth }: { depth: number }) {
  const width = 6 + 8 * Math.min(4, depth);
  return (
    <svg class="icon" viewBox={`0 0 ${width} 16`} width={width} height="16" aria-hidden="true">
      <path class="stroke" d={`M${width - 12} 1v6q0 4 4 4h7m-3-3 3 3-3 3`} />
    </svg>
  );
}

export const Next = () => (
  <Icon>
    <path class="stroke" d="M6 3.5 10.5 8 6 12.5" />
  </Icon>
);

export const Previous = () => (
  <Icon>
    <path class="stroke" d="M10 3.5 5.5 8 10 12.5" />
  </Icon>
);

export const Undo = () => (
  <Icon>
    <path class="stroke" d="M5.5 2.5 2.5 5.5l3 3M3 5.5h6a4 4 0 0 1 0 8H6" />
  </Icon>
);

export const Redo = () => (
  <Icon>
    <path class="stroke" d="M10.5 2.5 13.5 5.5l-3 3M13 5.5H7a4 4 0 0 0 0 8h3" />
  </Icon>
);

export const ToEnd = () => (
  <Icon>
    <path d="M11.5 3h2v10h-2zM2.5 3v10l8-5z" />
  </Icon>
);

export const Scissors = () => (
  <Icon>
    <ScissorsShape />
  </Icon>
);

/** Two rings and two blades, on a field of 16 by 16. */
export function ScissorsShape() {
  return (
    <g class="scissors">
      <circle cx="3.5" cy="4" r="2.2" />
      <circle cx="3.5" cy="12" r="2.2" />
      <path d="M5.3 5.3 14 11.5M5.3 10.7 14 4.5" />
    </g>
  );
}

/** A leader's crown, 20 wide and 12 high, its base on the origin. */
export function CrownShape() {
  return <path class="crown" d="M-10 0-11-10-5-5.5 0-13 5-5.5 11-10 10 0z" />;
}

export const Dots = () => (
  <Icon>
    <circle cx="3" cy="8" r="1.6" />
    <circle cx="8" cy="8" r="1.6" />
    <circle cx="13" cy="8" r="1.6" />
  </Icon>
);
